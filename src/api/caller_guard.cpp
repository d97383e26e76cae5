// SPDX-License-Identifier: Apache-2.0
#include "src/api/caller_guard.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/wire/secret.h"

namespace twindow::api {

namespace {

// "example.com:80" is "example.com", "[::1]:80" is "::1".
std::string_view host_of(std::string_view authority) {
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    return end == std::string_view::npos ? std::string_view() : authority.substr(1, end - 1);
  }
  return authority.substr(0, authority.find(':'));
}

bool is_ip_address(std::string_view host) {
  if (host.empty()) return false;
  const auto of = [&](std::string_view allowed) {
    return host.find_first_not_of(allowed) == std::string_view::npos;
  };
  // A name cannot end in a number (RFC 1123 section 2.1), so four numbers are an address.
  if (of("0123456789.")) return std::ranges::count(host, '.') == 3;
  return host.find(':') != std::string_view::npos && of("0123456789abcdefABCDEF:.");
}

// Host names mind no letter case (RFC 9110 section 4.2.3).
bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool may_ask(const ServerState& state, std::string_view host) {
  return is_ip_address(host) || same_name(host, "host.docker.internal") ||
         (!host.empty() && host.find('.') == std::string_view::npos) ||
         state.live.with([&](const LiveSettings& live) {
           return std::ranges::any_of(live.control_hosts, [&](const std::string& listed) {
             return same_name(host, listed);
           });
         });
}

std::size_t count_headers(const wire::Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count_if(headers, [&](const wire::Header& header) {
    const wire::Headers one{header};
    return wire::find_header(one, name).has_value();
  }));
}

}  // namespace

Result<void> admit_caller(const ServerState& state, const wire::Headers& headers) {
  const auto host = wire::find_header(headers, "Host");
  if (host && (count_headers(headers, "Host") > 1 || !may_ask(state, host_of(*host)))) {
    return fail(Errc::BadInput, "the control API does not answer under the name '" +
                                    std::string(*host) + "'; list it in control.hosts to allow it");
  }
  const auto origin = wire::find_header(headers, "Origin");
  if (!origin) return {};
  const bool own = host && (*origin == "http://" + std::string(*host) ||
                            *origin == "https://" + std::string(*host));
  if (own) return {};
  return fail(Errc::BadInput, "a page of " + std::string(*origin) + " may not use the control API");
}

bool knows_token(const ServerState& state, const wire::Headers& headers) {
  if (!state.control_token) return true;
  constexpr std::string_view kScheme = "bearer ";
  const auto offered = wire::find_header(headers, "Authorization");
  return offered && equals_ignoring_case(offered->substr(0, kScheme.size()), kScheme) &&
         wire::equal_in_constant_time(offered->substr(kScheme.size()), state.control_token->text);
}

}  // namespace twindow::api
