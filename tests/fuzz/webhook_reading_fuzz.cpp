// SPDX-License-Identifier: Apache-2.0
// The first line is the token of a status hook, the rest a webhook's body. What is read keeps the
// promises of its types, loses no parameter, and a token that is read is the one that is made.
#include <algorithm>
#include <string>

#include "twindow/base/check.h"
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/hook_url.h"
#include "twindow/wire/twilio/webhook_params.h"
#include "twindow/wire/twilio/webhook_reading.h"
#include "twindow/wire/url.h"

#include "tests/fuzz/text_of.h"

using namespace twindow;

namespace {

void check_token(std::string_view token) {
  const auto url = wire::read_hook_token(token);
  if (!url) return;
  TWINDOW_CHECK(url->empty() || wire::parse_web_url(*url).has_value());
  const auto made = wire::hook_status_url("https://tw.example.com", *url);
  TWINDOW_CHECK(!made || made->ends_with("/hooks/status/" + std::string(token)));
}

void check_inbound(const wire::Form& form) {
  const auto message = wire::read_inbound_message(form);
  if (!message) return;
  TWINDOW_CHECK(parse_account_sid(message->account.text) && parse_message_sid(message->sid.text));
  TWINDOW_CHECK(!message->from.text.empty() && !message->to.text.empty());
  TWINDOW_CHECK(message->extra.size() <= form.params().size());
  TWINDOW_CHECK(!canonical_user(message->from).empty());
  TWINDOW_CHECK(!wire::inbound_params(*message).empty());
}

void check_status(const wire::Form& form) {
  const auto callback = wire::read_status_callback(form);
  if (!callback) return;
  TWINDOW_CHECK(parse_account_sid(callback->account.text) && parse_message_sid(callback->sid.text));
  TWINDOW_CHECK(!callback->status_text.empty());
  TWINDOW_CHECK(!callback->status || to_text(*callback->status) == callback->status_text);
  TWINDOW_CHECK(!callback->error_code || *callback->error_code > 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = test::text_of(data, size);
  const auto line = std::min(text.find('\n'), text.size());
  check_token(text.substr(0, line));
  const auto form = wire::parse_form(text.substr(std::min(line + 1, text.size())));
  if (!form) return 0;
  check_inbound(*form);
  check_status(*form);
  return 0;
}
