// SPDX-License-Identifier: Apache-2.0
// Absolute http(s) URLs, taken apart without decoding anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twindow::wire {

// Views into the text that was read. "https://u:p@h.example:8443/a?b=c#d" has userinfo "u:p", host
// "h.example", port "8443", target "/a?b=c", fragment "d". `host` of an IPv6 address has its
// brackets. `target` is empty when nothing follows the host.
struct WebUrl {
  std::string_view scheme;  // "http" or "https" in the letter case that was given
  std::string_view userinfo;
  std::string_view host;
  std::string_view port;  // empty if none was written
  std::string_view target;
  std::string_view fragment;

  bool secure() const { return scheme.size() == 5; }
  std::uint16_t port_number() const;  // 80 or 443 if none was written
};

// Empty unless `text` is an absolute http or https URL with a host of letters, digits, hyphens and
// dots (no underscore; Twilio refuses it) or an IP address, and a port of 1 to 65535 if any; and
// without spaces or control characters.
std::optional<WebUrl> parse_web_url(std::string_view text);

// The absolute URL that `reference` means in a document of `base` (RFC 3986, section 5.2). Userinfo
// and port of `base` stay where the reference has no host; a fragment is the reference's own. Empty
// unless that is a URL as parse_web_url reads it.
std::optional<std::string> resolve_url(std::string_view base, std::string_view reference);

}  // namespace twindow::wire
