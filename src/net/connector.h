// SPDX-License-Identifier: Apache-2.0
// From a host's name to a connected socket: what tunnels, webhooks and the upstream have in common.
// Each caller's executor runs one thing at a time; no wait is longer than its `until`.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "twindow/base/task.h"
#include "twindow/model/error.h"

namespace twindow::net {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
using SteadyTime = std::chrono::steady_clock::time_point;

// The addresses of a name, or the one that `host` is (without brackets). Errc::Unreachable: "x is
// not known: …"; Errc::TimedOut. The system's resolver cannot be interrupted: it may go on after
// the wait for it has ended.
Task<Result<Endpoints>> look_up(std::string host, std::uint16_t port, SteadyTime until);

// The same, with what was found kept for a while, and one question for all who ask at once: the
// resolver has a single thread, and thousands of questions would stand in its queue. One thread.
class NameBook {
 public:
  explicit NameBook(std::chrono::milliseconds fresh_for);
  ~NameBook();
  Task<Result<Endpoints>> find(std::string host, std::uint16_t port, SteadyTime until);

 private:
  struct Entry;
  std::chrono::milliseconds fresh_for_;
  // Shared with who waits for an answer, while others may forget the name.
  std::map<std::pair<std::string, std::uint16_t>, std::shared_ptr<Entry>> entries_;
};

// To the first of them that answers; each has its share of the time that is left. Nagle is off.
// Errc::Unreachable with the system's words of the first that refused, Errc::TimedOut.
Task<Result<boost::asio::ip::tcp::socket>> connect_first(Endpoints to, SteadyTime until);

}  // namespace twindow::net
