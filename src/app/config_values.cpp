// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_values.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace twindow::app {

namespace {

namespace ip = boost::asio::ip;

bool is_plain_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

// What stands behind "http://" or "https://".
std::optional<std::string_view> behind_scheme(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.starts_with(scheme)) return text.substr(scheme.size());
  }
  return std::nullopt;
}

// "host", "host:3000", "[::1]:3000", "user:password@host".
bool is_authority(std::string_view authority) {
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
    authority.remove_prefix(at + 1);
  }
  std::string_view host = authority;
  std::string_view port;
  const auto bracket = authority.starts_with('[') ? authority.find(']') : 0;
  if (bracket == std::string_view::npos) return false;
  if (const auto colon = authority.find(':', bracket); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon + 1);
    const auto number = parse_count(port);
    if (!number || *number == 0 || *number > 65535) return false;
  }
  if (host.starts_with('['))
    return host.ends_with(']') && is_ip_address(host.substr(1, bracket - 1));
  return is_host_name(host);
}

}  // namespace

std::string to_text(const Endpoint& endpoint) {
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return (v6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const auto port = parse_count(text.substr(colon + 1));
  if (!port || *port > 65535) return std::nullopt;
  if (host == "localhost") host = "127.0.0.1";
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  boost::system::error_code error;
  const auto address = ip::make_address(std::string(host), error);
  if (error || address.is_v6() != bracketed) return std::nullopt;
  return Endpoint{std::string(host), static_cast<std::uint16_t>(*port)};
}

bool is_http_url(std::string_view text) {
  const auto rest = behind_scheme(text);
  if (!rest || !is_plain_ascii(text)) return false;
  return is_authority(rest->substr(0, rest->find_first_of("/?#")));
}

std::optional<std::string> parse_origin(std::string_view text) {
  if (text.ends_with('/')) text.remove_suffix(1);
  const auto rest = behind_scheme(text);
  if (!rest || !is_http_url(text) || rest->find_first_of("/?#@") != std::string_view::npos) {
    return std::nullopt;
  }
  return std::string(text);
}

std::optional<std::pair<std::string, std::string>> parse_delivery(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  auto signed_for = parse_origin(text.substr(0, equals));
  auto posted_to = parse_origin(text.substr(equals + 1));
  if (!signed_for || !posted_to) return std::nullopt;
  return std::pair(*std::move(signed_for), *std::move(posted_to));
}

bool is_network(std::string_view text) {
  if (text.find('/') == std::string_view::npos) return is_ip_address(text);
  boost::system::error_code error4;
  boost::system::error_code error6;
  ip::make_network_v4(std::string(text), error4);
  ip::make_network_v6(std::string(text), error6);
  return !error4 || !error6;
}

bool is_ip_address(std::string_view text) {
  boost::system::error_code error;
  ip::make_address(std::string(text), error);
  return !error;
}

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_';
  });
}

std::optional<StoreOptions> parse_store(std::string_view text) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (text == "memory") return StoreOptions{};
  if (text.starts_with(kSqlite) && text.size() > kSqlite.size()) {
    return StoreOptions{StoreKind::Sqlite, std::string(text.substr(kSqlite.size()))};
  }
  if (text.starts_with("postgresql://") || text.starts_with("postgres://")) {
    return StoreOptions{StoreKind::Postgresql, std::string(text)};
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<bool> parse_switch(std::string_view text) {
  if (text == "true" || text == "1" || text == "yes" || text == "on") return true;
  if (text == "false" || text == "0" || text == "no" || text == "off") return false;
  return std::nullopt;
}

std::string shown(std::string_view text) {
  constexpr std::size_t kShownMax = 120;
  std::string safe(text.substr(0, kShownMax));
  if (text.size() > kShownMax) safe += "…";
  if (const auto scheme = safe.find("://"); scheme != std::string::npos) {
    const auto end = safe.find_first_of("/?#", scheme + 3);
    const auto at = safe.rfind('@', end);
    if (at != std::string::npos && at > scheme) safe.replace(scheme + 3, at - scheme - 3, "…");
  }
  for (char& c : safe) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return "\"" + safe + "\"";
}

}  // namespace twindow::app
