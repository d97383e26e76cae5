// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/relay.h"

#include <algorithm>

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"

namespace twindow::gateway {

namespace {

constexpr std::size_t kPage = 256;

constexpr Duration pause_after(std::uint32_t tries) {
  Duration pause = limits::kRelayPauseMin;
  for (std::uint32_t i = 1; i < tries && pause < limits::kRelayPauseMax; ++i) pause *= 2;
  return std::min<Duration>(pause, limits::kRelayPauseMax);
}

constexpr std::uint32_t kTriesMax = [] {
  std::uint32_t tries = 1;
  Duration waited{};
  for (; waited + pause_after(tries) <= limits::kRelayTime; ++tries) waited += pause_after(tries);
  return tries;
}();

}  // namespace

Duration relay_pause(std::uint32_t tries) { return pause_after(tries); }
bool relay_given_up(std::uint32_t tries) { return tries >= kTriesMax; }

Relay::Relay(const Strand& strand, Parts parts)
    : strand_(strand), parts_(std::move(parts)), news_(strand) {}

void Relay::wake() {
  again_ = true;
  if (loading_ || stopped_) return;
  loading_ = true;
  start_on(strand_, load());
}

void Relay::stop() {
  stopped_ = true;
  ready_.clear();
}

void Relay::clear() {
  ++epoch_;
  chains_.clear();
  ready_.clear();
  loaded_ = 0;
  behind_ = false;
}

bool Relay::idle() const { return in_flight_ == 0 && !loading_ && ready_.empty(); }

// What is queued comes in here, and nowhere else, by its place: so that the order of the queue is
// the order of the chains, whatever is committed meanwhile.
Task<void> Relay::load() {
  bool failed = false;
  while (again_ && !stopped_ && !failed) {
    again_ = false;
    behind_ = loaded_ >= limits::kRelaysLoadedMax;
    if (behind_) break;
    const std::uint64_t epoch = epoch_;
    auto page = co_await parts_.queue.pending(last_place_, kPage);
    failed = !page;
    if (failed || epoch != epoch_) continue;
    again_ = again_ || page->size() == kPage;
    for (ports::QueuedWebhook& queued : *page) take(std::move(queued));
  }
  loading_ = false;
  if (failed) {
    // The store is in trouble, which passes or is the end of the program.
    parts_.timers.at(parts_.clock.now() + limits::kRelayPauseMin, TimerKind::Progress,
                     [this] { wake(); });
  }
  launch();
  tell_news();
}

void Relay::take(ports::QueuedWebhook queued) {
  last_place_ = std::max(last_place_, queued.place);
  const MessageSid message = queued.webhook.message;
  const Time due = queued.due;
  Chain& chain = chains_[message];
  chain.push_back(std::move(queued));
  ++loaded_;
  if (chain.size() == 1) schedule(message, due);
}

void Relay::schedule(const MessageSid& message, Time due) {
  if (due <= parts_.clock.now()) {
    ready_.push_back(message);
    return;
  }
  parts_.timers.at(due, TimerKind::Progress, [this, message, epoch = epoch_] {
    if (stopped_ || epoch != epoch_) return;
    ready_.push_back(message);
    launch();
  });
}

void Relay::launch() {
  while (!ready_.empty() && in_flight_ < limits::kWebhooksInFlightMax && !stopped_) {
    ++in_flight_;
    MessageSid next = std::move(ready_.front());
    ready_.pop_front();
    start_on(strand_, run(std::move(next)));
  }
}

Task<void> Relay::run(MessageSid message) {
  const std::uint64_t epoch = epoch_;
  const auto chain = chains_.find(message);
  if (chain != chains_.end()) {
    Webhook webhook = chain->second.front().webhook;
    const std::uint32_t tries = chain->second.front().tries;
    const WebhookRecord record = co_await parts_.deliver(std::move(webhook), tries);
    // An answer whose body broke off is an answer.
    const bool taken = record.outcome.answered_ok();
    if (epoch == epoch_) {
      co_await settle(message, taken);
    }
  }
  --in_flight_;
  if (behind_ && loaded_ < limits::kRelaysLoadedMax / 2) wake();
  launch();
  tell_news();
}

// Errors of the store change nothing for the app: at worst it is told again after a restart.
Task<void> Relay::settle(const MessageSid& message, bool taken) {
  const std::uint64_t epoch = epoch_;
  ports::QueuedWebhook& first = chains_.at(message).front();
  const std::string id = first.webhook.id;
  const std::uint32_t tries = ++first.tries;
  if (!taken && !relay_given_up(tries)) {
    const Time due = parts_.clock.now() + relay_pause(tries);
    [[maybe_unused]] const Result<void> noted = co_await parts_.queue.tried(id, due);
    if (epoch == epoch_) schedule(message, due);
    co_return;
  }
  if (taken) remember(id);
  [[maybe_unused]] const Result<void> done = co_await parts_.queue.done(id);
  if (epoch != epoch_) co_return;
  const auto chain = chains_.find(message);
  chain->second.pop_front();
  --loaded_;
  if (chain->second.empty()) {
    chains_.erase(chain);
  } else {
    schedule(message, chain->second.front().due);
  }
}

void Relay::remember(const std::string& id) {
  if (!told_.insert(id).second) return;
  told_in_order_.push_back(id);
  if (told_in_order_.size() <= limits::kRelaysRememberedMax) return;
  told_.erase(told_in_order_.front());
  told_in_order_.pop_front();
}

void Relay::tell_news() {
  news_.notify();
  parts_.changed();
}

}  // namespace twindow::gateway
