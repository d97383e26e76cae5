// SPDX-License-Identifier: Apache-2.0
// One line of the access log, as values: what a server reports of each call it has answered.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

namespace twindow::wire {

// The views live only during the call to the sink. `target` is as sent: it may hold numbers and
// must be masked before it is written anywhere.
struct CallLogEntry {
  std::string_view plane;  // "api" or "control"
  std::string_view peer;
  std::string_view method;
  std::string_view target;
  std::string_view route = {};    // HttpReply::route: static, and no secret
  std::string_view subject = {};  // HttpReply::subject: a SID, and no secret
  int status = 0;
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  std::chrono::microseconds took = {};
};

// Thread-safe; never blocks, never throws.
using CallLog = std::function<void(const CallLogEntry&)>;

}  // namespace twindow::wire
