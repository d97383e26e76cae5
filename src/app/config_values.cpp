// SPDX-License-Identifier: Apache-2.0
#include "src/app/config_values.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "twindow/wire/url.h"

namespace twindow::app {

namespace ip = boost::asio::ip;

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

bool is_http_url(std::string_view text) { return wire::parse_web_url(text).has_value(); }

std::optional<std::string> parse_base_url(std::string_view text) {
  if (text.ends_with('/')) text.remove_suffix(1);
  const auto url = wire::parse_web_url(text);
  const bool plain = url && url->userinfo.empty() && text.find_first_of("?#") == text.npos;
  return plain ? std::optional(std::string(text)) : std::nullopt;
}

std::optional<std::string> parse_origin(std::string_view text) {
  auto base = parse_base_url(text);
  if (!base || !wire::parse_web_url(*base)->target.empty()) return std::nullopt;
  return base;
}

std::optional<std::pair<std::string, std::string>> parse_delivery(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  auto signed_for = parse_base_url(text.substr(0, equals));
  auto posted_to = parse_base_url(text.substr(equals + 1));
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
  if (text.starts_with(kSqlite)) {
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
