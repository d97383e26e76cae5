// SPDX-License-Identifier: Apache-2.0
// Ends by time what would otherwise wait for ever.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace twindow::net {

// Calls `expired` on the executor at `until`, unless it is destroyed before. All of it on one
// strand or thread, which the executor stands for.
class Watchdog {
 public:
  Watchdog(const boost::asio::any_io_executor& executor,
           std::chrono::steady_clock::time_point until, std::function<void()> expired);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  bool fired() const;

 private:
  struct State;
  // Shared with the timer's last word, which may be on its way when this object dies.
  std::shared_ptr<State> state_;
};

}  // namespace twindow::net
