// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/url.h"

#include <algorithm>

#include "twindow/base/ascii.h"

namespace twindow::wire {

namespace {

bool is_host_name(std::string_view host) {
  constexpr std::size_t kSizeMax = 253;  // RFC 1035
  constexpr std::size_t kLabelMax = 63;
  if (host.empty() || host.size() > kSizeMax) return false;
  while (true) {
    const auto dot = std::min(host.find('.'), host.size());
    const auto label = host.substr(0, dot);
    const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
    if (label.empty() || label.size() > kLabelMax || label.front() == '-' || label.back() == '-' ||
        !std::ranges::all_of(label, fits)) {
      return false;
    }
    if (dot == host.size()) return true;
    host.remove_prefix(dot + 1);
    if (host.empty()) return true;  // "example.com." names the same host
  }
}

// Only the characters: that it is an address is found when it is connected to.
bool is_bracketed_address(std::string_view host) {
  if (host.size() < 4 || !host.starts_with('[') || !host.ends_with(']')) return false;
  const auto inside = host.substr(1, host.size() - 2);
  return inside.find(':') != std::string_view::npos && std::ranges::all_of(inside, [](char c) {
           return hex_value(c) >= 0 || c == ':' || c == '.';
         });
}

// RFC 3986, section 3.1.
bool has_scheme(std::string_view text) {
  const auto colon = text.find_first_of(":/?#");
  if (colon == std::string_view::npos || colon == 0 || text[colon] != ':') return false;
  return is_letter(text.front()) && std::ranges::all_of(text.substr(0, colon), [](char c) {
           return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

// RFC 3986, section 5.2.4; `path` begins with a slash.
std::string without_dots(std::string_view path) {
  std::string made;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    path.remove_prefix(end);
    if (segment == "/." || segment == "/..") {
      if (segment == "/..") made.erase(made.rfind('/') == std::string::npos ? 0 : made.rfind('/'));
      if (path.empty()) made += '/';
    } else {
      made += segment;
    }
  }
  return made;
}

}  // namespace

std::uint16_t WebUrl::port_number() const {
  const std::uint16_t standard = secure() ? 443 : 80;
  return static_cast<std::uint16_t>(parse_decimal(port, 65535).value_or(standard));
}

std::optional<WebUrl> parse_web_url(std::string_view text) {
  if (std::ranges::any_of(text, [](char c) { return is_control(c) || c == ' '; })) {
    return std::nullopt;
  }
  WebUrl url;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  url.scheme = text.substr(0, colon);
  if (!equals_ignoring_case(url.scheme, "http") && !equals_ignoring_case(url.scheme, "https")) {
    return std::nullopt;
  }
  auto rest = text.substr(colon + 3);

  if (const auto hash = rest.find('#'); hash != std::string_view::npos) {
    url.fragment = rest.substr(hash + 1);
    rest = rest.substr(0, hash);
  }
  const auto authority_end = std::min(rest.find_first_of("/?\\"), rest.size());
  url.target = rest.substr(authority_end);
  // Some readers take a backslash for a slash and others do not: two hosts in one URL.
  if (url.target.starts_with('\\')) return std::nullopt;
  auto authority = rest.substr(0, authority_end);
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    url.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }

  const auto bracket = authority.rfind(']');
  const auto port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  url.host = authority.substr(0, port);
  if (port != std::string_view::npos) {
    url.port = authority.substr(port + 1);
    const auto number = parse_decimal(url.port, 65535);
    if (!number || *number == 0) return std::nullopt;
  }
  if (!is_host_name(url.host) && !is_bracketed_address(url.host)) return std::nullopt;
  return url;
}

std::optional<std::string> resolve_url(std::string_view base, std::string_view reference) {
  const auto from = parse_web_url(base);
  if (!from) return std::nullopt;
  const auto checked = [](std::string url) -> std::optional<std::string> {
    if (!parse_web_url(url)) return std::nullopt;
    return url;
  };
  if (has_scheme(reference)) return checked(std::string(reference));
  base = base.substr(0, base.find('#'));
  const std::string_view scheme = from->scheme;
  if (reference.starts_with("//"))
    return checked(std::string(scheme) + ":" + std::string(reference));
  const std::string_view origin = base.substr(0, base.size() - from->target.size());
  const std::string_view path = from->target.substr(0, from->target.find('?'));
  const auto cut = std::min(reference.find_first_of("?#"), reference.size());
  const std::string_view named = reference.substr(0, cut);
  std::string target;
  if (named.starts_with('/')) {
    target = without_dots(named);
  } else if (!named.empty()) {
    const auto slash = path.rfind('/');
    const std::string folder(slash == std::string_view::npos ? "/" : path.substr(0, slash + 1));
    target = without_dots(folder + std::string(named));
  } else {
    // The document itself, with its query unless the reference has one.
    target = reference.starts_with('?') ? std::string(path) : std::string(from->target);
  }
  return checked(std::string(origin) + target + std::string(reference.substr(cut)));
}

}  // namespace twindow::wire
