// SPDX-License-Identifier: Apache-2.0
// A clock that moves only when told, and the schedule of what is due on it.
// Synchronous and single-threaded; the same calls give the same order, always.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "twindow/base/timers.h"

namespace twindow {

class VirtualTime final : public Clock, public Timers {
 public:
  explicit VirtualTime(Time start) : now_(start) {}

  Time now() const override { return now_; }
  TimerId at(Time due, TimerKind kind, std::function<void()> fire) override;
  void cancel(TimerId id) override;  // looks at all there are

  std::optional<Time> next_due() const;
  std::optional<Time> next_progress_due() const;

  // Runs at most one event that is due at or before `until`, having moved the clock to its time;
  // without one moves the clock to `until` and says false. Never moves back.
  bool step(Time until);

  // Moves the clock, never back, and runs nothing: what became due runs at the next step.
  void move_to(Time time) { now_ = std::max(now_, time); }

  void clear();  // forgets every event; the clock stays
  // Forgets every event, and begins anew: the only way back.
  void restart(Time start) {
    clear();
    now_ = start;
  }

 private:
  using Key = std::pair<Time, TimerId>;
  using Schedule = std::map<Key, std::function<void()>>;

  Schedule& next_schedule();

  Time now_;
  TimerId last_id_ = 0;
  // Apart, since one may be asked for the next of its kind; each is in order.
  Schedule progress_;
  Schedule deadlines_;
};

}  // namespace twindow
