// SPDX-License-Identifier: Apache-2.0
// HTTP Digest authentication, the client's side (RFC 7616; quality of protection "auth" or none).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace twindow::wire {

struct DigestCall {
  std::string_view method;  // "POST"
  std::string_view target;  // of the request line
  std::string_view user;    // decoded
  std::string_view password;
  std::string_view client_nonce;  // letters and digits; another one for each challenge
};

// The value of Authorization that answers a WWW-Authenticate of `challenge`. Empty if that is no
// Digest challenge, or one of an algorithm but MD5 and SHA-256.
std::optional<std::string> answer_digest(std::string_view challenge, const DigestCall& call);

}  // namespace twindow::wire
