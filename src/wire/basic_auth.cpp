// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/basic_auth.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/base/eight_bytes.h"
#include "twindow/wire/secret.h"

namespace twindow::wire {

namespace {

bool has_control(std::string_view text) {
  text.remove_prefix(skip_eights(text, any_control));
  return std::ranges::any_of(text, is_control);
}

}  // namespace

std::optional<BasicCredentials> parse_basic_auth(std::string_view authorization_header_value) {
  constexpr std::string_view kScheme = "basic ";
  std::string_view text = authorization_header_value;
  if (!equals_ignoring_case(text.substr(0, kScheme.size()), kScheme)) return std::nullopt;
  text.remove_prefix(kScheme.size());
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);

  const auto pair = base64_decode(text);
  if (!pair || has_control(*pair)) return std::nullopt;
  const auto colon = pair->find(':');
  if (colon == std::string::npos) return std::nullopt;
  return BasicCredentials{.username = pair->substr(0, colon), .password = pair->substr(colon + 1)};
}

std::string basic_authorization(std::string_view username, std::string_view password) {
  return "Basic " + base64_encode(std::string(username) + ":" + std::string(password));
}

}  // namespace twindow::wire
