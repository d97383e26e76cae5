// SPDX-License-Identifier: Apache-2.0
// Lets a coroutine sleep until somebody has news for it, or until some wall time has gone by.
#pragma once

#include <chrono>
#include <memory>

#include "twindow/base/task.h"

namespace twindow {

// `wait` runs on `executor`'s strand; `notify` may be called from any thread. A notification that
// comes while nobody waits is kept for the next wait, once: news is never lost, and a waiter looks
// again at the state it waits for, since one wait may answer several notifications.
class Wakeup {
 public:
  explicit Wakeup(const Strand& strand);
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  Task<void> wait();
  // True if notified, false if `longest` (wall time) went by first.
  Task<bool> wait_for(std::chrono::milliseconds longest);
  void notify();

 private:
  struct State;
  // Shared with notifications that are still on their way to the strand when this object dies.
  std::shared_ptr<State> state_;
};

}  // namespace twindow
