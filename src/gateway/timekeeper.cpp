// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/timekeeper.h"

#include <algorithm>
#include <array>

namespace twindow::gateway {

namespace {
constexpr std::array<std::string_view, 3> kModes{"real", "manual", "auto"};
}

std::string_view to_text(ClockMode mode) { return kModes[static_cast<std::size_t>(mode)]; }

std::optional<ClockMode> parse_clock_mode(std::string_view text) {
  const auto found = std::ranges::find(kModes, text);
  if (found == kModes.end()) return std::nullopt;
  return static_cast<ClockMode>(found - kModes.begin());
}

Timekeeper::Timekeeper(ClockMode mode, const Clock& wall, Time start)
    : mode_(mode), wall_(wall), offset_(start - wall.now()), schedule_(start) {}

Time Timekeeper::now() const {
  if (mode_ != ClockMode::Real || held_) return schedule_.now();
  // The machine's clock may be set back; ours never goes back.
  return std::max(schedule_.now(), wall_.now() + offset_);
}

TimerId Timekeeper::at(Time due, TimerKind kind, std::function<void()> fire) {
  return schedule_.at(due, kind, std::move(fire));
}

void Timekeeper::set_mode(ClockMode mode) {
  const Time here = now();
  mode_ = mode;
  offset_ = here - wall_.now();
  schedule_.move_to(here);
}

void Timekeeper::restart(Time start) {
  schedule_.restart(start);
  offset_ = start - wall_.now();
}

void Timekeeper::hold() {
  schedule_.move_to(now());
  held_ = true;
}

void Timekeeper::release() {
  offset_ = schedule_.now() - wall_.now();
  held_ = false;
}

}  // namespace twindow::gateway
