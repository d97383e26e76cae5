// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/virtual_time.h"

#include <algorithm>

namespace twindow {

TimerId VirtualTime::at(Time due, TimerKind kind, std::function<void()> fire) {
  Schedule& schedule = kind == TimerKind::Progress ? progress_ : deadlines_;
  // Most come in the order in which they are due.
  schedule.emplace_hint(schedule.end(), Key(due, ++last_id_), std::move(fire));
  return last_id_;
}

void VirtualTime::cancel(TimerId id) {
  for (Schedule* const schedule : {&progress_, &deadlines_}) {
    std::erase_if(*schedule, [id](const auto& event) { return event.first.second == id; });
  }
}

// The one with the earliest event; of ties the one that was made first.
VirtualTime::Schedule& VirtualTime::next_schedule() {
  if (progress_.empty()) return deadlines_;
  if (deadlines_.empty()) return progress_;
  return progress_.begin()->first < deadlines_.begin()->first ? progress_ : deadlines_;
}

std::optional<Time> VirtualTime::next_due() const {
  if (progress_.empty() && deadlines_.empty()) return std::nullopt;
  if (progress_.empty()) return deadlines_.begin()->first.first;
  if (deadlines_.empty()) return progress_.begin()->first.first;
  return std::min(progress_.begin()->first.first, deadlines_.begin()->first.first);
}

std::optional<Time> VirtualTime::next_progress_due() const {
  if (progress_.empty()) return std::nullopt;
  return progress_.begin()->first.first;
}

bool VirtualTime::step(Time until) {
  until = std::max(now_, until);
  Schedule& schedule = next_schedule();
  if (schedule.empty() || schedule.begin()->first.first > until) {
    now_ = until;
    return false;
  }
  const auto event = schedule.extract(schedule.begin());
  now_ = std::max(now_, event.key().first);
  event.mapped()();
  return true;
}

void VirtualTime::clear() {
  progress_.clear();
  deadlines_.clear();
}

}  // namespace twindow
