// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/settler.h"

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"

namespace twindow::gateway {

Settler::Settler(const Strand& strand, Parts parts) : strand_(strand), parts_(std::move(parts)) {}

void Settler::watch(MessageSid sid, Time sent) {
  if (watched_.size() >= limits::kSettlesWaitingMax) watched_.pop_front();
  watched_.push_back({std::move(sid), sent + parts_.after});
  set_timer();
}

void Settler::stop() {
  stopped_ = true;
  watched_.clear();
}

void Settler::clear() {
  ++epoch_;
  watched_.clear();
  timer_set_ = false;  // they were cleared, too
  in_flight_ = 0;
}

void Settler::set_timer() {
  if (timer_set_ || stopped_ || watched_.empty()) return;
  if (in_flight_ >= limits::kSettlesAtOnceMax) return;  // who ends goes on
  timer_set_ = true;
  parts_.timers.at(watched_.front().due, TimerKind::Deadline, [this] {
    timer_set_ = false;
    launch();
  });
  parts_.changed();
}

void Settler::launch() {
  const Time now = parts_.clock.now();
  while (!watched_.empty() && watched_.front().due <= now && !stopped_ &&
         in_flight_ < limits::kSettlesAtOnceMax) {
    ++in_flight_;
    MessageSid sid = std::move(watched_.front().sid);
    watched_.pop_front();
    start_on(strand_, run(std::move(sid)));
  }
  set_timer();
}

Task<void> Settler::run(MessageSid sid) {
  const std::uint64_t epoch = epoch_;
  co_await parts_.settle(std::move(sid));
  if (epoch != epoch_) co_return;
  --in_flight_;
  launch();
}

}  // namespace twindow::gateway
