// SPDX-License-Identifier: Apache-2.0
// The time of one world: real, or moved by hand, or moved as soon as all is quiet.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "twindow/base/virtual_time.h"

namespace twindow::gateway {

// `Real` ticks with the wall clock (plus what was advanced), `Manual` moves only when told,
// `Auto` jumps to the next progress event once nothing is going on.
enum class ClockMode : std::uint8_t { Real, Manual, Auto };
std::string_view to_text(ClockMode mode);
std::optional<ClockMode> parse_clock_mode(std::string_view text);

// Belongs to one world's strand. `wall` outlives it.
class Timekeeper final : public Clock, public Timers {
 public:
  // In `Real` mode the world's time is the wall clock's plus `start − wall.now()`.
  Timekeeper(ClockMode mode, const Clock& wall, Time start);

  Time now() const override;
  TimerId at(Time due, TimerKind kind, std::function<void()> fire) override;
  void cancel(TimerId id) override { schedule_.cancel(id); }

  ClockMode mode() const { return mode_; }
  void set_mode(ClockMode mode);  // time goes on from where it is

  std::optional<Time> next_due() const { return schedule_.next_due(); }
  std::optional<Time> next_progress_due() const { return schedule_.next_progress_due(); }

  // Runs at most one event due at or before `until`, at its own time; else moves to `until`.
  bool step(Time until) { return schedule_.step(until); }

  // While held, `Real` time stands still but for `step`; `release` lets it tick on from there.
  void hold();
  void release();

  void clear() { schedule_.clear(); }

  // Begins anew at `start`, which may lie in the past; what was on the schedule is forgotten.
  void restart(Time start);

 private:
  ClockMode mode_;
  const Clock& wall_;
  Duration offset_{};
  bool held_ = false;
  VirtualTime schedule_;
};

}  // namespace twindow::gateway
