// SPDX-License-Identifier: Apache-2.0
// The first line is a URL, the second a form, the rest a signature that must not match by chance.
// What is signed matches, whatever the URL, and the signed URL is stable.
#include <algorithm>
#include <string>

#include "twindow/base/check.h"
#include "twindow/wire/form.h"
#include "twindow/wire/secret.h"
#include "twindow/wire/twilio/signature.h"
#include "twindow/wire/url.h"

#include "tests/fuzz/text_of.h"

using namespace twindow;

namespace {

constexpr std::string_view kToken = "0123456789abcdef0123456789abcdef";

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = test::text_of(data, size);
  const auto url = take_line(text);
  const auto form = wire::parse_form(take_line(text));
  const std::vector<Param> params = form ? form->params() : std::vector<Param>();

  const std::string signature = wire::sign(kToken, url, params);
  TWINDOW_CHECK(signature.size() == 28);
  TWINDOW_CHECK(wire::signature_matches(kToken, url, params, signature));
  TWINDOW_CHECK(text == signature || !wire::signature_matches("x", url, params, signature));
  (void)wire::signature_matches(kToken, url, params, text);

  if (const auto parts = wire::parse_web_url(url)) {
    const std::string covered = wire::signed_url(url);
    TWINDOW_CHECK(wire::signed_url(covered) == covered);
    const auto again = wire::parse_web_url(covered);
    TWINDOW_CHECK(again.has_value() && again->userinfo.empty() && again->fragment.empty());
    TWINDOW_CHECK(again->host == parts->host && again->target == parts->target);
  }
  if (const auto bytes = wire::base64_decode(text)) {
    TWINDOW_CHECK(wire::base64_encode(*bytes) == text);
  }
  return 0;
}
