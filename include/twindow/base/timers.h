// SPDX-License-Identifier: Apache-2.0
// Things that are to happen at a later instant of some clock.
#pragma once

#include <cstdint>
#include <functional>

#include "twindow/base/clock.h"

namespace twindow {

// `Progress` carries a message on its way (a status step, a callback's retry); an automatic clock
// jumps to it. A `Deadline` ends something (a window, a validity period) and runs only when time
// passes it.
enum class TimerKind : std::uint8_t { Progress, Deadline };

using TimerId = std::uint64_t;

class Timers {
 public:
  virtual ~Timers() = default;
  // `fire` changes memory and returns; it never calls out. A `due` in the past fires at the next
  // step. Equal `due`s fire in the order in which they were set.
  virtual TimerId at(Time due, TimerKind kind, std::function<void()> fire) = 0;
  virtual void cancel(TimerId id) = 0;  // an id that has fired or is unknown is ignored
};

}  // namespace twindow
