// SPDX-License-Identifier: Apache-2.0
#include "src/net/webhook_target.h"

#include <algorithm>
#include <charconv>

#include "twindow/wire/form.h"
#include "twindow/wire/secret.h"

namespace twindow::net {

namespace {

std::string lower(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return low;
}

// Host and port of an authority without userinfo; false if it is garbled.
bool read_authority(std::string_view authority, UrlParts& parts) {
  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return false;
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (host.empty()) return false;
  parts.host = lower(host);
  parts.port = parts.tls ? 443 : 80;
  if (port.empty() || port == ":") return true;
  const auto last = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data() + 1, last, parts.port);
  return port.front() == ':' && error == std::errc() && stop == last && parts.port > 0;
}

// `prefix` covers `path` if it ends where a segment of the path does.
bool covers(std::string_view prefix, std::string_view path) {
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!path.starts_with(prefix)) return false;
  return path.size() == prefix.size() || path[prefix.size()] == '/';
}

void authorize(const std::string& userinfo, WebhookTarget& target) {
  if (userinfo.empty()) return;
  const auto decoded = [](const std::string& text) {
    return wire::percent_decode(text).value_or(text);
  };
  const auto colon = std::min(userinfo.find(':'), userinfo.size());
  target.user = decoded(userinfo.substr(0, colon));
  target.password = decoded(userinfo.substr(std::min(colon + 1, userinfo.size())));
  target.authorization = "Basic " + wire::base64_encode(target.user + ':' + target.password);
}

}  // namespace

std::string UrlParts::origin() const { return (tls ? "https://" : "http://") + authority; }

Result<UrlParts> parse_url(std::string_view url) {
  const bool visible = std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!visible) return fail(Errc::BadInput, "a URL holds no blanks, control or non-ASCII bytes");
  UrlParts parts;
  const auto scheme_end = url.find("://");
  const auto scheme = lower(url.substr(0, scheme_end));
  if (scheme_end == std::string_view::npos || (scheme != "http" && scheme != "https")) {
    return fail(Errc::BadInput, "only http:// and https:// URLs can be called");
  }
  parts.tls = scheme == "https";
  url.remove_prefix(scheme_end + 3);
  url = url.substr(0, url.find('#'));
  const auto authority_end = std::min(url.find_first_of("/?"), url.size());
  auto authority = url.substr(0, authority_end);
  url.remove_prefix(authority_end);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    parts.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  if (!read_authority(authority, parts)) return fail(Errc::BadInput, "the URL's host is garbled");
  parts.authority = authority;
  const auto question = std::min(url.find('?'), url.size());
  parts.path = question == 0 ? "/" : url.substr(0, question);
  parts.query = url.substr(question);
  return parts;
}

Result<DeliverTo> DeliverTo::make(const std::map<std::string, std::string>& rules) {
  DeliverTo made;
  for (const auto& [left, right] : rules) {
    const auto from = parse_url(left);
    const auto to = parse_url(right);
    if (!from || !to) {
      return fail(Errc::BadInput, "deliver_to \"" + left + "=" + right +
                                      "\": " + (from ? to.error().detail : from.error().detail));
    }
    made.rules_.push_back({*from, *to});
  }
  std::ranges::stable_sort(made.rules_, [](const Rule& a, const Rule& b) {
    return a.from.path.size() > b.from.path.size();
  });
  return made;
}

Result<WebhookTarget> DeliverTo::target_of(std::string_view url) const {
  const UrlParts configured = TWINDOW_TRY(parse_url(url));
  WebhookTarget target{.url_posted = {},
                       .to = configured,
                       .host = configured.authority,
                       .origin = configured.origin()};
  for (const Rule& rule : rules_) {
    if (rule.from.tls != configured.tls || rule.from.host != configured.host) continue;
    if (rule.from.port != configured.port || !covers(rule.from.path, configured.path)) continue;
    std::string path = rule.to.path;
    while (path.ends_with('/')) path.pop_back();
    target.to = rule.to;
    target.to.path = path + configured.path;
    target.to.query = configured.query;
    if (target.to.userinfo.empty()) target.to.userinfo = configured.userinfo;
    target.redirected = true;
    break;
  }
  authorize(target.to.userinfo, target);
  target.url_posted = target.to.origin() + target.to.path + target.to.query;
  return target;
}

}  // namespace twindow::net
