// SPDX-License-Identifier: Apache-2.0
// Sends that wait for their user: kept, watched, taken up after a restart, and let go.
#include <algorithm>

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

Task<Result<Message>> World::hold(SendRequest request, Duration ttl,
                                  std::optional<SendRequest> nudge, LedgerEntry entry) {
  return run_on(strand_, do_hold(std::move(request), ttl, std::move(nudge), std::move(entry)));
}

// The sender whose window a held message would wait for. In front of the real Twilio there must be
// one and no other, and a way to send later.
std::optional<Address> World::held_for(const SendRequest& request,
                                       const std::vector<Address>& senders) const {
  if (twilio_ && (!release_ || !sender_->can_send(account()))) return std::nullopt;
  if (request.from) return request.from;
  if (!twilio_ && !senders.empty()) return senders.front();
  return senders.size() == 1 ? std::optional(senders.front()) : std::nullopt;
}

Task<Result<World::Draft>> World::draft_to_hold(SendRequest request) {
  std::vector<Address> senders = senders_.candidates(request);
  if (senders_.pool_is_elsewhere(request)) {
    senders = co_await twilio_->pool(*request.service);
  }
  auto sender = held_for(request, senders);
  if (!sender) co_return fail(Errc::Conflict, "it cannot be held: its sender is not known");
  std::string form = std::move(request.form);
  MessageSid sid = next_sid(request);
  Draft made{draft(std::move(request), *std::move(sender), std::move(sid))};
  made.message.form = std::move(form);
  co_return made;
}

Task<Result<Message>> World::do_hold(SendRequest request, Duration ttl,
                                     std::optional<SendRequest> nudge_request, LedgerEntry entry) {
  const std::uint64_t epoch = epoch_;
  Result<Draft> draft = fail(Errc::Internal);
  if (twilio_) {
    draft = co_await draft_to_hold(std::move(request));
  } else {
    draft = draft_of(std::move(request));
  }
  if (!draft) co_return Unexpected(std::move(draft).error());
  Message& message = draft->message;
  const WindowKey pair = window_key(message.sender, message.to);
  if (held_.count(pair) >= limits::kHeldPerPairMax) {
    co_return fail(Errc::Conflict, "the pair has as many messages held as it may have");
  }
  message.status = MessageStatus::Accepted;
  message.held_until = entry.at + ttl;
  entry.message = message.sid;
  // Before the wait: who is decided meanwhile shall count it, and see the nudge.
  held_.add(pair, message.sid);
  if (nudge_request) held_.nudged(pair, entry.at);
  if (heard()) record(entry.at, DecisionEvent{entry});
  LedgerEntry of_nudge = entry;
  const MessageSid sid = message.sid;
  ports::Judge judged = judge_as(entry);
  Result<Message> stored =
      co_await store_->admit_decided(std::move(message), std::move(judged), std::move(entry));
  if (epoch != epoch_) co_return stored;
  if (!stored) {
    held_.remove(pair, sid);
    co_return stored;
  }
  record_message(stored->created, *stored);
  watch_held(*stored);
  nudge();  // the ticker
  if (nudge_request) {
    of_nudge.action = Action::Reroute;
    of_nudge.content = nudge_request->content;
    of_nudge.kind = MessageKind::Template;
    of_nudge.reason = "the nudge for " + sid.text + ", which is held";
    if (release_) {
      start_on(strand_, nudge_upstream(*std::move(nudge_request), std::move(of_nudge)));
      co_return stored;
    }
    // That it could not be sent is no reason not to hold.
    [[maybe_unused]] const Result<Message> nudged =
        co_await do_send_decided(*std::move(nudge_request), std::move(of_nudge), std::nullopt);
  }
  co_return stored;
}

void World::watch_held(const Message& message) {
  const WindowKey pair = window_key(message.sender, message.to);
  time_.at(*message.held_until, TimerKind::Deadline, [this, pair, sid = message.sid] {
    if (release_ && release_->on_its_way(sid)) return;
    if (!held_.remove(pair, sid)) return;  // released meanwhile
    put({.sid = sid, .status = MessageStatus::Failed, .error_code = kOutsideWindow});
  });
}

// Of an earlier run. The window may have opened between its commit and the release.
Task<void> World::take_up_held() {
  if (release_) {
    const auto aliases = co_await store_->aliases();
    if (!aliases) co_return;
    for (const auto& alias : *aliases) aliases_.add(alias.upstream, alias.sid);
  }
  MessageFilter held;
  held.held_only = true;
  held.unfinished_only = true;
  PageRequest page;
  std::vector<Message> all;
  for (bool more = true; more;) {
    const auto found = co_await store_->list(held, page);
    if (!found) co_return;
    all.insert(all.end(), found->messages.begin(), found->messages.end());
    more = found->more_older && !found->messages.empty();
    if (more) page.older_than = found->messages.back().sid;
  }
  std::reverse(all.begin(), all.end());  // in the order of their creation
  for (const Message& message : all) {
    const bool added = held_.add(window_key(message.sender, message.to), message.sid);
    // Else it was decided since we began.
    if (added && !message.released) watch_held(message);
    // Twilio may have it: that comes first, whether the window is open or not.
    if (added && message.released && release_) {
      release_->begin(window_key(message.sender, message.to));
    }
  }
  for (const WindowKey& pair : held_.pairs()) {
    const auto window = co_await store_->find(pair);
    if (!window || !*window || !is_open(**window, time_.now(), margin())) continue;
    co_await release_held(pair);
  }
}

// One at a time, in the order of their creation; each is no longer held before its way begins.
Task<void> World::release_held(WindowKey pair) {
  if (release_) {
    release_->begin(pair);
    co_return;
  }
  const std::uint64_t epoch = epoch_;
  for (auto sid = held_.first(pair); sid && epoch == epoch_; sid = held_.first(pair)) {
    held_.remove(pair, *sid);
    const auto window = co_await store_->find(pair);
    WindowAtSend seen{.state = WindowState::Open};
    if (window && *window) seen.last_inbound = (*window)->last_inbound;
    ports::MessageStore::Change change = [seen](Message& message) -> Result<void> {
      if (is_final(message.status)) return fail(Errc::Conflict, "it has come to its end");
      message.held_until.reset();
      message.window = seen;
      return {};
    };
    const Result<Message> released = co_await store_->alter(*sid, std::move(change));
    if (!released || epoch != epoch_) continue;
    carrier_->submit(*released);
  }
  nudge();
}

}  // namespace twindow::gateway
