// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/hook_url.h"

#include <algorithm>

#include "twindow/wire/secret.h"
#include "twindow/wire/url.h"

namespace twindow::wire {

namespace {

constexpr std::string_view kNone = "-";
constexpr std::string_view kSid = "?sid=";
constexpr std::string_view kLearn = "learn";  // as base64 it would be a length that there is not
constexpr std::size_t kStatusCallbackMax = 4000;  // Twilio's message resource

std::string base64url_encode(std::string_view bytes) {
  std::string text = base64_encode(bytes);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.erase(std::min(text.find('='), text.size()));
  return text;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string padded(text);
  std::ranges::replace(padded, '-', '+');
  std::ranges::replace(padded, '_', '/');
  while (padded.size() % 4 != 0) padded += '=';
  return base64_decode(padded);
}

}  // namespace

std::optional<std::string> hook_status_url(std::string_view public_url, std::string_view app_url) {
  std::string url(public_url);
  url += kStatusHook;
  url += app_url.empty() ? std::string(kNone) : base64url_encode(app_url);
  if (url.size() > kStatusCallbackMax) return std::nullopt;
  return url;
}

std::optional<std::string> hook_status_url(std::string_view public_url, std::string_view app_url,
                                           const MessageSid& ours) {
  auto url = hook_status_url(public_url, app_url);
  if (url && !ours.text.empty()) url->append(kSid).append(ours.text);
  if (url && url->size() > kStatusCallbackMax) return std::nullopt;
  return url;
}

std::optional<MessageSid> read_hook_sid(std::string_view query) {
  const std::string_view name = kSid.substr(1);
  if (!query.starts_with(name)) return std::nullopt;
  return parse_message_sid(query.substr(name.size()));
}

std::string hook_learn_url(std::string_view public_url) {
  return std::string(public_url).append(kStatusHook).append(kLearn);
}

bool is_learn_token(std::string_view token) { return token == kLearn; }

std::optional<std::string> read_hook_token(std::string_view token) {
  if (token == kNone) return std::string();
  auto url = base64url_decode(token);
  if (!url || !parse_web_url(*url)) return std::nullopt;
  return url;
}

}  // namespace twindow::wire
