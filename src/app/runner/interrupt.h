// SPDX-License-Identifier: Apache-2.0
// Ctrl-C while scenarios are played: noticed, so that everything that was started is ended.
#pragma once

#include <atomic>
#include <csignal>
#include <thread>

namespace twindow::app {

// While it lives SIGINT, SIGTERM and SIGHUP are noticed instead of ending the process; a second one
// ends it. Made before other threads, which inherit what it blocks.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool came() const { return came_; }

 private:
  void wait();

  sigset_t signals_;
  sigset_t before_;
  std::atomic<bool> came_ = false;
  std::atomic<bool> ends_ = false;
  std::thread thread_;
};

}  // namespace twindow::app
