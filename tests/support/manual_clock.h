// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "twindow/base/clock.h"

namespace twindow::test {

// A wall clock that a test sets.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : time(start) {}
  Time now() const override { return time; }
  Time time;
};

}  // namespace twindow::test
