// SPDX-License-Identifier: Apache-2.0
// Whom CONNECT leads to: Twilio's hosts are us, those of `connect.tunnel` are themselves, all
// others are refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/net/data_server.h"

namespace twindow::app {

// An entry of `connect.tunnel`: "example.com" (port 443), "example.com:8443", "*.example.com" (the
// names below it).
struct TunnelEntry {
  std::string host = {};  // lower case, without "*."
  bool below = false;
  std::uint16_t port = 443;
};
std::optional<TunnelEntry> parse_tunnel_entry(std::string_view text);

// `entries` are good ones.
net::ConnectJudge connect_rule(const std::vector<std::string>& entries);

}  // namespace twindow::app
