// SPDX-License-Identifier: Apache-2.0
// The threads that serve the control plane's connections, one each.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include <httplib.h>

#include "src/net/open_connections.h"

namespace twindow::net {

// Made as they are needed, up to `threads_max`. When all are taken and connections wait, those are
// told that hold a thread without need (OpenConnections::starving). `connections` outlives it.
class ControlWorkers final : public httplib::TaskQueue {
 public:
  ControlWorkers(unsigned threads_max, OpenConnections& connections)
      : threads_max_(threads_max), connections_(connections) {}

  void enqueue(std::function<void()> serve) override;
  void shutdown() override;  // returns when all threads have ended

 private:
  void tell_starving();
  void work();

  const unsigned threads_max_;
  OpenConnections& connections_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<std::function<void()>> waiting_;
  std::size_t free_ = 0;  // threads that wait, or were just made
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace twindow::net
