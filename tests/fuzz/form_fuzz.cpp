// SPDX-License-Identifier: Apache-2.0
// A form that is read is read again from what is written of it; so is a list query from its links;
// the JSON writer makes valid UTF-8 of anything; no time that is read fails to be written.
#include <string>

#include "twindow/base/check.h"
#include "twindow/wire/basic_auth.h"
#include "twindow/wire/form.h"
#include "twindow/wire/json_body.h"
#include "twindow/wire/json_writer.h"
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/message_list.h"

#include "tests/fuzz/text_of.h"

using namespace twindow;

namespace {

void check_form(std::string_view text) {
  const auto form = wire::parse_form(text);
  if (!form) {
    TWINDOW_CHECK(form.error().code == Errc::InvalidParameter && !form.error().detail.empty());
    return;
  }
  const auto again = wire::parse_form(wire::encode_form(form->params()));
  TWINDOW_CHECK(again.has_value() && again->params() == form->params());
}

void check_list_query(std::string_view text) {
  const auto query = wire::parse_list_query(text);
  if (!query) return;
  const auto again = wire::parse_list_query(query->echoed_filters);
  TWINDOW_CHECK(again.has_value() && again->echoed_filters == query->echoed_filters);
  TWINDOW_CHECK(again->filter.to == query->filter.to && again->filter.from == query->filter.from);
  TWINDOW_CHECK(again->filter.sent_from == query->filter.sent_from);
  TWINDOW_CHECK(again->filter.sent_before == query->filter.sent_before);
}

void check_time(std::string_view text) {
  const auto time = wire::parse_time(text);
  if (!time) return;
  TWINDOW_CHECK(wire::to_rfc2822(*time).size() == 31);
  TWINDOW_CHECK(wire::to_iso8601_ms(*time).size() == 24);
}

void check_json(std::string_view text) {
  std::string json = "{\"a\":";
  wire::append_json_string(json, text);
  json += '}';
  const auto form = wire::parse_json_object_as_form(json, 64);
  // Only a NUL, which a form cannot hold, may stand in the way.
  TWINDOW_CHECK(form.has_value() || text.find('\0') != std::string_view::npos);
  TWINDOW_CHECK(wire::parse_json_object_as_form(text, 0).has_value() == false);
  (void)wire::parse_json_object_as_form(text, 64);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = test::text_of(data, size);
  check_form(text);
  check_list_query(text);
  check_time(text);
  check_json(text);
  (void)wire::parse_basic_auth(text);
  if (const auto decoded = wire::percent_decode(text)) {
    TWINDOW_CHECK(wire::percent_decode(wire::percent_encode(*decoded)) == decoded);
  }
  return 0;
}
