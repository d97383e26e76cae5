// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/cookie_jar.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"

namespace twindow::gateway {

namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

struct SetCookie {
  std::string_view name;
  std::string_view value;
  bool gone = false;
};

// RFC 6265 section 5.2, without what depends on where the cookie leads.
SetCookie read_set_cookie(std::string_view text) {
  SetCookie cookie;
  auto end = std::min(text.find(';'), text.size());
  const std::string_view pair = text.substr(0, end);
  const auto equals = pair.find('=');
  if (equals == std::string_view::npos) return cookie;
  cookie.name = trimmed(pair.substr(0, equals));
  cookie.value = trimmed(pair.substr(equals + 1));
  while (end < text.size()) {
    text.remove_prefix(end + 1);
    end = std::min(text.find(';'), text.size());
    const std::string_view attribute = trimmed(text.substr(0, end));
    constexpr std::string_view kMaxAge = "Max-Age=";
    if (attribute.size() <= kMaxAge.size()) continue;
    if (!equals_ignoring_case(attribute.substr(0, kMaxAge.size()), kMaxAge)) continue;
    const char first = attribute[kMaxAge.size()];
    cookie.gone = first == '0' || first == '-';
  }
  return cookie;
}

}  // namespace

std::string CookieJar::header(const WindowKey& pair, Time now) {
  const auto found = pairs_.find(pair);
  if (found == pairs_.end()) return {};
  if (now - found->second.used > limits::kCookieLife) {
    pairs_.erase(found);
    return {};
  }
  found->second.used = now;
  std::string text;
  for (const Param& cookie : found->second.cookies) {
    if (!text.empty()) text += "; ";
    text.append(cookie.name).append("=").append(cookie.value);
  }
  return text;
}

void CookieJar::take(const WindowKey& pair, const std::vector<Param>& headers, Time now) {
  for (const Param& header : headers) {
    if (!equals_ignoring_case(header.name, "Set-Cookie")) continue;
    const SetCookie said = read_set_cookie(header.value);
    if (said.name.empty()) continue;
    auto kept = pairs_.find(pair);
    if (kept == pairs_.end()) {
      if (said.gone || pairs_.size() == limits::kCookiePairsMax) continue;
      kept = pairs_.emplace(pair, Kept{}).first;
    }
    kept->second.used = now;
    auto& cookies = kept->second.cookies;
    std::erase_if(cookies, [&](const Param& cookie) { return cookie.name == said.name; });
    if (said.gone || cookies.size() == limits::kCookiesPerPairMax) continue;
    cookies.push_back({std::string(said.name), std::string(said.value)});
  }
}

}  // namespace twindow::gateway
