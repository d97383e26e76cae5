// SPDX-License-Identifier: Apache-2.0
// Shared state and its lock as one thing: the state can be reached only with the lock held.
#pragma once

#include <mutex>
#include <utility>

namespace twindow {

template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T state) : state_(std::move(state)) {}

  // Calls `use(state)` under the lock. `use` touches memory only: no I/O, no call to foreign code.
  template <class Use>
  decltype(auto) with(Use&& use) {
    const std::lock_guard lock(mutex_);
    return std::forward<Use>(use)(state_);
  }
  template <class Use>
  decltype(auto) with(Use&& use) const {
    const std::lock_guard lock(mutex_);
    return std::forward<Use>(use)(state_);
  }

 private:
  mutable std::mutex mutex_;
  T state_{};
};

}  // namespace twindow
