// SPDX-License-Identifier: Apache-2.0
// Where to listen: an address and a port, and their spelling in options and messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "twindow/model/error.h"

namespace twindow::net {

struct Endpoint {
  std::string address;  // an IP address without brackets: "127.0.0.1", "::1"
  std::uint16_t port = 0;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// "127.0.0.1:4010", "[::1]:4010", "localhost:4010" (127.0.0.1); port 0 means: pick one. A missing
// address is Errc::BadInput rather than every interface: what is opened to the world is written.
Result<Endpoint> parse_endpoint(std::string_view text);

// The inverse: "127.0.0.1:4010", "[::1]:4010".
std::string to_text(const Endpoint& endpoint);

}  // namespace twindow::net
