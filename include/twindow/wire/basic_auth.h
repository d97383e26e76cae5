// SPDX-License-Identifier: Apache-2.0
// HTTP Basic authentication, as RFC 7617 has it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace twindow::wire {

struct BasicCredentials {
  std::string username;
  std::string password;
};

// Of the value of an Authorization header: "Basic QUM…". The scheme may have any letter case; the
// user name ends at the first colon. Empty for another scheme, broken base64, a missing colon, and
// control characters.
std::optional<BasicCredentials> parse_basic_auth(std::string_view authorization_header_value);

// The value of an Authorization header. `username` has no colon.
std::string basic_authorization(std::string_view username, std::string_view password);

}  // namespace twindow::wire
