// SPDX-License-Identifier: Apache-2.0
// How time passes in a world. There is one loop that runs events and empties the outbox (drain),
// and two who may drive it, never both at once: the ticker, and an advance.
#include <algorithm>

#include "twindow/base/duration_text.h"
#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

using namespace std::chrono_literals;

Task<ClockView> World::clock() { return run_on(strand_, do_clock()); }

Task<Result<World::Advanced>> World::advance(Duration by) {
  return run_on(strand_, do_advance(by, Time()));
}

Task<Result<World::Advanced>> World::set_time(Time to) {
  return run_on(strand_, do_advance(std::nullopt, to));
}

Task<void> World::set_clock_mode(ClockMode mode) {
  return run_on(strand_, do_set_clock_mode(mode));
}

Task<void> World::come_to_rest() { return run_on(strand_, do_come_to_rest()); }

Task<void> World::do_come_to_rest() {
  stopping_ = true;
  relay_.stop();
  if (release_) release_->stop();
  if (backfill_) backfill_->stop();
  settler_.stop();
  end_pauses();
  tick_wakeup_.notify();
  co_await settle_down();
}

Task<ClockView> World::do_clock() {
  co_return ClockView{time_.mode(), time_.now(), time_.next_due(), advancing_};
}

Task<void> World::do_set_clock_mode(ClockMode mode) {
  time_.set_mode(mode);
  tick_wakeup_.notify();
  co_return;
}

// The one place where things happen by themselves. With `in_flight_max` 1 every webhook is
// answered before time moves on, which makes a run repeatable; else they go out beside it.
Task<void> World::drain(Time until, std::size_t in_flight_max) {
  draining_ = true;
  for (;;) {
    while (!outbox_.empty()) {
      StatusUpdate update = std::move(outbox_.front());
      outbox_.pop_front();
      if (prompt_ != nullptr) {
        apply_now(update);
      } else {
        co_await apply(std::move(update));
      }
    }
    if (!due_.empty()) {
      Due due = std::move(due_.front());
      due_.pop_front();
      co_await send_due(std::move(due));
      continue;
    }
    while (!scripted_due_.empty()) {
      ScriptedStep step = std::move(scripted_due_.front());
      scripted_due_.pop_front();
      co_await apply_scripted(std::move(step));
    }
    if (!outbox_.empty()) continue;
    postman_.launch(in_flight_max);
    if (in_flight_max == 1 && !postman_.idle()) {
      co_await postman_.news();
      continue;
    }
    if (in_flight_max == 1 && !relay_.idle()) {
      co_await relay_.news();
      continue;
    }
    // A call that has waited for its time is answered before time goes on.
    if (in_flight_max == 1 && pauses_ending_ > 0) {
      co_await pause_over_.wait();
      continue;
    }
    const bool ran = !stopping_ && time_.step(until);
    if (!ran && outbox_.empty() && scripted_due_.empty() && due_.empty()) break;
  }
  draining_ = false;
  rest_wakeup_.notify();
}

Task<void> World::tick() {
  if (options_.relays) relay_.wake();  // what an earlier run still owes
  begin_backfill();
  co_await learn_opt_outs();
  co_await watch_known_windows();
  co_await take_up_held();
  co_await take_up_refused();
  co_await take_up_unsettled();
  co_await take_up_sent();
  taken_up_ = true;
  begun_.clear();
  rest_wakeup_.notify();
  for (;;) {
    const Time until = co_await wait_for_tick();
    if (stopping_) co_return;
    if (advancing_) continue;
    const bool real = time_.mode() == ClockMode::Real;
    co_await drain(until, real ? limits::kWebhooksInFlightMax : 1);
  }
}

// Sleeps until there may be something to do; answers how far time may go then.
Task<Time> World::wait_for_tick() {
  tick_target_.reset();
  if (advancing_ || time_.mode() == ClockMode::Manual) {
    co_await tick_wakeup_.wait();
    co_return time_.now();
  }
  if (time_.mode() == ClockMode::Auto) {
    const auto due = time_.next_progress_due();
    if (!due) {
      co_await tick_wakeup_.wait();
      co_return time_.now();
    }
    const Time until = co_await wait_for_quiet_time(*due);
    co_return until;
  }
  tick_target_ = time_.next_due();
  if (!tick_target_) {
    co_await tick_wakeup_.wait();
  } else if (*tick_target_ > time_.now()) {
    co_await tick_wakeup_.wait_for(*tick_target_ - time_.now());
  }
  co_return time_.now();
}

// In `auto` the clock jumps to the next step of a message once the app has been silent for a
// while: it had the chance to do whatever it wanted to do now.
Task<Time> World::wait_for_quiet_time(Time due) {
  const std::uint64_t seen = calls_seen_;
  const bool notified = co_await tick_wakeup_.wait_for(limits::kAutoQuietTime);
  const bool quiet = !notified && seen == calls_seen_ && calls_ == 0 && at_rest();
  co_return quiet ? std::max(due, time_.now()) : time_.now();
}

// Tells the ticker of work, unless it will look in time anyway.
void World::nudge() {
  if (!needs_nudge()) return;
  if (alone_) {
    nudged_ = true;
  } else {
    tick_wakeup_.notify();
  }
}

World::Alone::Alone(World& world) : world_(world), lock_(world.home_.mutex, std::try_to_lock) {
  if (lock_) world_.alone_ = true;
}

World::Alone::~Alone() {
  if (!lock_) return;
  world_.alone_ = false;
  const bool wakes = std::exchange(world_.nudged_, false);
  lock_.unlock();
  if (wakes) world_.tick_wakeup_.notify();
}

bool World::needs_nudge() const {
  if (time_.mode() != ClockMode::Real || !tick_target_) return true;
  const auto due = time_.next_due();
  return due && *due < *tick_target_;
}

bool World::at_rest() const {
  return taken_up_ && !draining_ && postman_.idle() && relay_.idle() &&
         (!release_ || release_->idle()) && direct_deliveries_ == 0;
}

// Waits until nothing is under way; false if that takes too long, as when a callback's handler
// itself waits for us.
Task<bool> World::settle_down() {
  constexpr auto kLongest = 5s;
  constexpr int kLooksMax = 10'000;
  for (int look = 0; look < kLooksMax && !at_rest(); ++look) {
    const bool news = co_await rest_wakeup_.wait_for(kLongest);
    if (!news) co_return at_rest();
  }
  co_return at_rest();
}

Task<Result<World::Advanced>> World::do_advance(std::optional<Duration> by, Time to) {
  if (advancing_) {
    co_return fail(Errc::Conflict,
                   "the clock is being advanced already; wait for that answer (a callback's "
                   "handler cannot advance the clock that waits for it)");
  }
  advancing_ = true;
  const bool rested = co_await settle_down();
  if (!rested) {
    advancing_ = false;
    tick_wakeup_.notify();
    co_return fail(Errc::Conflict, "a callback is still being answered; time cannot move over it");
  }
  time_.hold();
  const Time from = time_.now();
  const Time until = by ? from + *by : to;
  Advanced advanced{.now = until};
  if (until >= from) {
    log_ = &advanced;
    co_await drain(until, 1);
    record(until, ClockEvent{until, by ? "advanced " + twindow::to_text(*by) : "set"});
    log_ = nullptr;
  }
  time_.release();
  advancing_ = false;
  tick_wakeup_.notify();
  if (until < from) co_return fail(Errc::Conflict, "time never goes back");
  co_return advanced;
}

}  // namespace twindow::gateway
