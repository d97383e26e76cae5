// SPDX-License-Identifier: Apache-2.0
// Accounts, their credentials and their senders.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/address.h"
#include "twindow/model/sid.h"

namespace twindow {

// The secret of an account: signs webhooks and is the password of the API. Has no printing on
// purpose. Compared in constant time, by wire/secret.h.
struct AuthToken {
  std::string text;
};

struct ApiKey {
  std::string sid;  // SK…
  AuthToken secret;
};

// How Twilio calls a webhook: a form in the body, or in the query.
enum class HttpMethod : std::uint8_t { Post, Get };
constexpr std::string_view to_text(HttpMethod method) {
  return method == HttpMethod::Get ? "GET" : "POST";
}
// Letter case is ignored; empty for anything else.
std::optional<HttpMethod> parse_http_method(std::string_view text);

// A business address and where its news go. URLs are absolute http(s).
struct Sender {
  Address address;
  std::optional<std::string> inbound_url = {};
  std::optional<std::string> status_callback = {};
  std::optional<ServiceSid> service = {};
  // Called with what a user wrote when the inbound URL fails, or answers no TwiML.
  std::optional<std::string> fallback_url = {};
  HttpMethod inbound_method = HttpMethod::Post;
  HttpMethod fallback_method = HttpMethod::Post;
  HttpMethod status_method = HttpMethod::Post;

  friend bool operator==(const Sender&, const Sender&) = default;
};

// What the configuration says of an account.
struct AccountOptions {
  AccountSid sid;
  std::optional<AuthToken> auth_token = {};
  std::vector<ApiKey> api_keys = {};
  std::optional<std::string> inbound_url = {};       // for senders without one
  std::optional<std::string> status_callback = {};   // likewise
  std::optional<std::string> closing_soon_url = {};  // told of windows that close soon
  std::vector<Sender> senders = {};
  // Twilio's test credentials: creates are judged by magic numbers, and nothing is delivered.
  bool test = false;
  // Services with Advanced Opt-Out: it covers all their channels, and refuses later.
  std::vector<ServiceSid> advanced_opt_out = {};
  std::optional<std::string> fallback_url = {};  // for senders without one
};

}  // namespace twindow
