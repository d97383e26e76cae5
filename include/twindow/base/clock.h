// SPDX-License-Identifier: Apache-2.0
// Time as the whole program speaks of it: UTC, in milliseconds. Whoever needs the time is handed a
// Clock; only `base` and `app` may look at the machine's.
#pragma once

#include <chrono>

namespace twindow {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

// The machine's wall clock. Thread-safe.
class SystemClock final : public Clock {
 public:
  Time now() const override;
};

}  // namespace twindow
