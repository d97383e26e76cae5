// SPDX-License-Identifier: Apache-2.0
// Bytes between two sockets, both ways, unread: what CONNECT to a host that is not ours becomes.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "twindow/base/task.h"
#include "twindow/model/error.h"

namespace twindow::net {

// A connection to the first of the host's addresses that answers. Errc::Unreachable with the
// reason; Errc::EgressRefused if all addresses are ones nobody may be led to (link-local,
// metadata services).
Task<Result<boost::asio::ip::tcp::socket>> open_tunnel(std::string host, std::uint16_t port,
                                                       std::chrono::milliseconds longest);

// Until both sides have finished, one broke, or neither sent a byte for `silence`. The number of
// bytes that went to the client.
Task<std::uint64_t> join(boost::asio::ip::tcp::socket& client, boost::asio::ip::tcp::socket& host,
                         std::chrono::milliseconds silence);

}  // namespace twindow::net
