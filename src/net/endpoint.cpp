// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/endpoint.h"

#include <charconv>

#include <arpa/inet.h>

namespace twindow::net {

namespace {

bool is_address(int family, const std::string& text) {
  in6_addr bytes;
  return inet_pton(family, text.c_str(), &bytes) == 1;
}

Result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return fail(Errc::BadInput, "'" + std::string(text) + "' is not a port (0 to 65535)");
  }
  return port;
}

}  // namespace

Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return fail(Errc::BadInput,
                "'" + std::string(text) + "' is not ADDRESS:PORT, such as 127.0.0.1:4010");
  }
  std::string address(text.substr(0, colon));
  const bool bracketed = address.size() > 2 && address.front() == '[' && address.back() == ']';
  if (bracketed) address = address.substr(1, address.size() - 2);
  if (address == "localhost") address = "127.0.0.1";
  if (!is_address(bracketed ? AF_INET6 : AF_INET, address)) {
    return fail(Errc::BadInput, "'" + std::string(text) +
                                    "' does not begin with an IP address: 127.0.0.1:4010, "
                                    "[::1]:4010, 0.0.0.0:4010 for every interface");
  }
  const std::uint16_t port = TWINDOW_TRY(parse_port(text.substr(colon + 1)));
  return Endpoint{std::move(address), port};
}

std::string to_text(const Endpoint& endpoint) {
  const bool six = endpoint.address.find(':') != std::string::npos;
  return (six ? "[" + endpoint.address + "]" : endpoint.address) + ":" +
         std::to_string(endpoint.port);
}

}  // namespace twindow::net
