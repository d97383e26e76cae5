// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/held_release.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/model/decision.h"

namespace twindow::gateway {

HeldRelease::HeldRelease(const Strand& strand, Parts parts)
    : strand_(strand), parts_(std::move(parts)) {}

void HeldRelease::begin(const WindowKey& pair) {
  if (stopped_ || !parts_.held.first(pair) || !pairs_.insert(pair).second) return;
  ++busy_;
  start_on(strand_, run(pair));
}

void HeldRelease::stop() {
  stopped_ = true;
  for (const auto& pause : pauses_) pause->notify();
}

void HeldRelease::clear() {
  ++epoch_;
  pairs_.clear();
  on_their_way_.clear();
  for (const auto& pause : pauses_) pause->notify();
}

Task<void> HeldRelease::run(WindowKey pair) {
  const std::uint64_t epoch = epoch_;
  bool more = true;
  for (auto sid = parts_.held.first(pair); sid && more; sid = parts_.held.first(pair)) {
    on_their_way_.insert(*sid);
    more = co_await release(pair, *sid);
    more = more && !stopped_ && epoch == epoch_;
    if (epoch == epoch_) on_their_way_.erase(*sid);
  }
  if (epoch == epoch_) pairs_.erase(pair);
  rest();
}

void HeldRelease::rest() {
  --busy_;
  parts_.rested();
}

// False: this one, and so all behind it, must wait for another day.
Task<bool> HeldRelease::release(WindowKey pair, MessageSid sid) {
  const std::uint64_t epoch = epoch_;
  auto claimed = co_await claim(sid);
  bool lost = claimed && claimed->before;
  Step next = claimed ? Step::Again : Step::Done;
  Duration wait = limits::kReleasePauseMin;
  while (epoch == epoch_ && next != Step::Done && !stopped_) {
    if (next == Step::Wait) {
      co_await pause(wait);
      wait = std::min<Duration>(wait * 2, limits::kReleasePauseMax);
      if (stopped_ || epoch != epoch_) break;
    }
    // Twilio certainly has not got it: then it goes only while it may.
    if (!lost && parts_.clock.now() >= claimed->message.held_until.value_or(Time())) {
      parts_.failed(sid, kOutsideWindow);
      break;
    }
    bool open = true;
    if (!lost) {
      open = co_await parts_.is_open(pair);
    }
    if (!open) {
      co_await give_back(sid);
      co_return false;
    }
    next = co_await step(claimed->message, lost);
  }
  if (epoch != epoch_ || (stopped_ && next != Step::Done)) co_return false;
  parts_.held.remove(pair, sid);
  co_return true;
}

// It is stored that Twilio may have it from now on. Nothing: it is no longer held.
Task<std::optional<HeldRelease::Claimed>> HeldRelease::claim(MessageSid sid) {
  const Time now = parts_.clock.now();
  const Result<Message> found = co_await parts_.store.find(sid);
  if (!found || is_final(found->status) || !found->held_until) co_return std::nullopt;
  ports::MessageStore::Change change = [now](Message& message) -> Result<void> {
    if (!message.released) message.released = now;
    return {};
  };
  auto altered = co_await parts_.store.alter(std::move(sid), std::move(change));
  if (!altered) co_return std::nullopt;
  co_return Claimed{*std::move(altered), found->released.has_value()};
}

// Once: to Twilio, or to ask Twilio for it.
Task<HeldRelease::Step> HeldRelease::step(const Message& message, bool& lost) {
  if (lost) {
    co_return co_await look_for(message, lost);
  }
  ports::LaterSend send{message.account, message.sid, message.form};
  const ports::SendOutcome outcome = co_await parts_.sender.send(std::move(send));
  if (const auto* const sent = std::get_if<ports::Sent>(&outcome)) {
    co_await found_upstream(message.sid, sent->message.sid);
    co_return Step::Done;
  }
  if (const auto* const refused = std::get_if<ports::Refused>(&outcome)) {
    parts_.failed(message.sid, refused->code);
    co_return Step::Done;
  }
  lost = std::holds_alternative<ports::PerhapsSent>(outcome);
  co_return Step::Wait;
}

Task<HeldRelease::Step> HeldRelease::look_for(const Message& message, bool& lost) {
  // By its callback it may be known meanwhile.
  const Result<Message> now = co_await parts_.store.find(message.sid);
  if (!now || now->upstream_sid) co_return Step::Done;
  ports::SentQuery query{.account = message.account,
                         .to = message.to,
                         .from = message.from,
                         .created_since = *message.released - limits::kTwilioClockSlack};
  auto sent = co_await parts_.twilio.sent_messages(std::move(query), limits::kReleaseTime);
  if (!sent) co_return Step::Wait;
  std::ranges::reverse(*sent);  // the oldest first
  for (const RemoteMessage& one : *sent) {
    if (parts_.aliases.knows(one.sid)) continue;
    if (!message.content && one.body != message.body) continue;
    const Result<Message> anothers = co_await parts_.store.find(one.sid);
    if (anothers) continue;
    co_await found_upstream(message.sid, one.sid);
    co_return Step::Done;
  }
  lost = false;
  co_return Step::Again;
}

Task<void> HeldRelease::found_upstream(MessageSid sid, MessageSid upstream) {
  if (parts_.aliases.ours(upstream) == sid) co_return;
  const Time now = parts_.clock.now();
  ports::MessageStore::Change change = [now, upstream](Message& message) -> Result<void> {
    message.upstream_sid = upstream;
    message.held_until.reset();
    message.form.clear();
    message.window.state = WindowState::Open;
    message.updated = now;
    return {};
  };
  parts_.aliases.add(upstream, sid);
  const std::uint64_t epoch = epoch_;
  const Result<Message> altered = co_await parts_.store.alter(std::move(sid), std::move(change));
  if (altered && epoch == epoch_) parts_.changed(*altered);
}

Task<void> HeldRelease::give_back(MessageSid sid) {
  ports::MessageStore::Change change = [](Message& message) -> Result<void> {
    message.released.reset();
    return {};
  };
  const auto held = co_await parts_.store.alter(std::move(sid), std::move(change));
  if (held) parts_.held_again(*held);
}

Task<void> HeldRelease::pause(Duration longest) {
  const auto wakeup = std::make_shared<Wakeup>(strand_);
  pauses_.insert(wakeup);
  parts_.timers.at(parts_.clock.now() + longest, TimerKind::Progress,
                   [wakeup] { wakeup->notify(); });
  rest();
  co_await wakeup->wait();
  ++busy_;
  pauses_.erase(wakeup);
}

}  // namespace twindow::gateway
