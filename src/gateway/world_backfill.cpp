// SPDX-License-Identifier: Apache-2.0
// What was said to the senders of a world while nobody was there to hear it, in front of the real
// Twilio.
#include <map>

#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

namespace {

// The counter that holds, in milliseconds since 1970, until when every message to a sender was
// heard: when a backfill of it began, then each message that came after that. A message that comes
// while a backfill has still to be done proves nothing, so it does not count.
std::string heard_counter(const Address& sender) { return "heard " + sender.text; }

std::uint64_t to_count(Time at) {
  return static_cast<std::uint64_t>(at.time_since_epoch().count());
}

}  // namespace

Task<Result<BackfillView>> World::backfill(std::optional<Backfill::Reach> reach) {
  return run_on(strand_, do_backfill(reach));
}

Task<Result<BackfillView>> World::do_backfill(std::optional<Backfill::Reach> reach) {
  if (!backfill_) {
    co_return fail(Errc::Conflict, "in simulate mode every message is here already");
  }
  if (reach) backfill_->begin(*reach);
  co_return backfill_->view();
}

Backfill::Parts World::backfill_parts(ports::TwilioApi& twilio) {
  return {
      .twilio = twilio,
      .clock = time_,
      .timers = time_,
      .account = account(),
      .senders =
          [this] {
            std::vector<Address> own;
            for (const Sender& sender : senders_.senders()) own.push_back(sender.address);
            return own;
          },
      .heard_until = [this](const Address& sender) -> std::optional<Time> {
        const std::uint64_t count = store_->counter(heard_counter(sender));
        if (count == 0) return std::nullopt;
        return Time(Duration(count));
      },
      .keep = [this](std::vector<ports::PastInbound> all) { return keep_all_past(std::move(all)); },
      .covered = [this](Address sender, Time at) { return cover(std::move(sender), at); },
      .changed =
          [this] {
            nudge();
            rest_wakeup_.notify();
          },
      .ended =
          [this](const SenderBackfill& one) {
            record(time_.now(), BackfillEvent{.sender = one.sender,
                                              .messages = one.messages,
                                              .users = one.users,
                                              .error = one.error ? one.error->detail : ""});
          }};
}

Task<void> World::cover(Address sender, Time at) {
  if (!options_.hears_users) co_return;
  twilio_->cover(sender);
  store_->raise_counter(heard_counter(sender), to_count(at));
  // With it the counter is safe. If that fails, a restart reads more.
  std::vector<ports::WindowStore::Written> nothing;
  [[maybe_unused]] const auto written = co_await store_->extend_all(std::move(nothing));
}

// Where nobody tells us what comes next, what was read would be old at once: a send looks itself.
void World::begin_backfill() {
  if (backfill_ && options_.hears_users) backfill_->begin(Backfill::Reach::SinceHeard);
}

void World::note_heard(const Address& sender, Time at) {
  if (!twilio_ || !twilio_->covers(sender)) return;
  store_->raise_counter(heard_counter(sender), to_count(at));
}

// As old as they are: they never shorten a window.
Task<Result<void>> World::keep_all_past(std::vector<ports::PastInbound> inbound) {
  const std::uint64_t epoch = epoch_;
  std::map<WindowKey, ports::WindowStore::Written> newest;
  for (ports::PastInbound& one : inbound) {
    const WindowKey key = window_key(one.to, one.from);
    auto& written =
        newest.try_emplace(key, ports::WindowStore::Written{key, one.from, one.received})
            .first->second;
    if (written.received < one.received) written = {key, std::move(one.from), one.received};
  }
  if (newest.empty()) co_return Result<void>();
  std::vector<ports::WindowStore::Written> all;
  for (auto& [key, written] : newest) all.push_back(std::move(written));
  const auto extended = co_await store_->extend_all(std::move(all));
  if (!extended) co_return Unexpected(extended.error());
  if (epoch != epoch_) co_return Result<void>();
  for (const ports::WindowStore::Extended& one : *extended) {
    const bool news = !one.before || *one.before != one.now;
    if (!news || !is_open(one.now, time_.now(), margin())) continue;
    window_opened(one.before, one.now, time_.now());
    if (held_.count(one.now.key) == 0) continue;
    WindowKey pair = one.now.key;
    co_await release_held(std::move(pair));
  }
  nudge();  // of the ends that are watched now
  co_return Result<void>();
}

}  // namespace twindow::gateway
