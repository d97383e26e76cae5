// SPDX-License-Identifier: Apache-2.0
#include "src/app/connect_rule.h"

#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/wire/twilio/product_host.h"

#include "src/app/config_values.h"

namespace twindow::app {

namespace {

constexpr std::uint16_t kHttps = 443;

bool fits(const TunnelEntry& entry, const std::string& host, std::uint16_t port) {
  if (entry.port != port) return false;
  return entry.below ? host.ends_with("." + entry.host) : host == entry.host;
}

}  // namespace

std::optional<TunnelEntry> parse_tunnel_entry(std::string_view text) {
  TunnelEntry entry;
  if (text.starts_with("*.")) {
    entry.below = true;
    text.remove_prefix(2);
  }
  if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    const auto port = parse_count(text.substr(colon + 1));
    if (!port || *port == 0 || *port > 65535) return std::nullopt;
    entry.port = static_cast<std::uint16_t>(*port);
    text = text.substr(0, colon);
  }
  if (!is_host_name(text)) return std::nullopt;
  entry.host = lower_case(text);
  return entry;
}

net::ConnectJudge connect_rule(const std::vector<std::string>& texts) {
  std::vector<TunnelEntry> entries;
  for (const std::string& text : texts) {
    if (auto entry = parse_tunnel_entry(text)) entries.push_back(*std::move(entry));
  }
  return [entries = std::move(entries)](std::string_view asked, std::uint16_t port) {
    using What = net::ConnectDecision::What;
    const std::string host = lower_case(asked);
    if (port == kHttps && wire::parse_product_host(host)) return net::ConnectDecision{What::Serve};
    const bool tunnel = std::ranges::any_of(
        entries, [&](const TunnelEntry& entry) { return fits(entry, host, port); });
    if (tunnel) return net::ConnectDecision{What::Tunnel};
    const std::string place = host + ":" + std::to_string(port);
    if (wire::is_twilio_host(host)) {
      return net::ConnectDecision{
          What::Refuse,
          "CONNECT " + place + ": of Twilio's hosts only PRODUCT.twilio.com:443 is here"};
    }
    return net::ConnectDecision{
        What::Refuse,
        "CONNECT " + place +
            ": this is Twindow, in the place of *.twilio.com:443 and no others. "
            "List \"" +
            host + "\" in connect.tunnel of the configuration file, or in NO_PROXY of the app."};
  };
}

}  // namespace twindow::app
