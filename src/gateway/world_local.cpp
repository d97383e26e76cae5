// SPDX-License-Identifier: Apache-2.0
// In front of the real Twilio: the messages that it does not have, or has under another SID than
// the app was given. What is changed in a message here is changed so in simulate mode too.
#include <algorithm>

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

namespace {

bool is_ours(const Message& message) {
  return message.direction != Direction::Inbound && !message.upstream_sid;
}

}  // namespace

Task<World::Whereabouts> World::whereabouts(MessageSid sid) {
  return run_on(strand_, do_whereabouts(std::move(sid)));
}

Task<std::vector<ports::MessageStore::Alias>> World::told_as(std::vector<MessageSid> upstream) {
  return run_on(strand_, do_told_as(std::move(upstream)));
}

Task<Result<Message>> World::cancel(MessageSid sid) {
  return run_on(strand_, do_cancel(std::move(sid)));
}

Task<Result<Message>> World::redact(MessageSid sid) {
  return run_on(strand_, do_redact(std::move(sid)));
}

Task<Result<void>> World::remove(MessageSid sid) {
  return run_on(strand_, do_remove(std::move(sid)));
}

Task<void> World::learn(std::vector<RemoteMessage> messages) {
  return run_on(strand_, do_learn(std::move(messages)));
}

Task<World::Whereabouts> World::do_whereabouts(MessageSid sid) {
  const Result<Message> found = co_await store_->find(std::move(sid));
  Whereabouts whereabouts;
  if (found && is_ours(*found)) whereabouts.here = *found;
  if (found && found->upstream_sid != found->sid) whereabouts.upstream = found->upstream_sid;
  co_return whereabouts;
}

Task<std::vector<ports::MessageStore::Alias>> World::do_told_as(std::vector<MessageSid> upstream) {
  std::vector<ports::MessageStore::Alias> known;
  for (MessageSid& sid : upstream) {
    auto ours = aliases_.ours(sid);
    if (ours) known.push_back({std::move(sid), *std::move(ours)});
  }
  co_return known;
}

Task<Result<Message>> World::do_cancel(MessageSid sid) {
  const auto found = co_await store_->find(sid);
  const bool simulated = real_twilio_ == nullptr;
  if (!found || (!simulated && !is_ours(*found))) co_return fail(Errc::NotFound, sid.text);
  const bool scheduled = simulated && found->status == MessageStatus::Scheduled;
  const WindowKey pair = window_key(found->sender, found->to);
  const bool on_its_way = release_ && release_->on_its_way(sid);
  const bool waits = scheduled || (!on_its_way && held_.remove(pair, sid));
  if (!waits) co_return fail(Errc::NotCancelable);
  if (scheduled) --scheduled_;
  const Time now = time_.now();
  const StatusUpdate update{.sid = sid, .status = MessageStatus::Canceled};
  auto moved = co_await store_->move(update, now);
  if (!moved) co_return Unexpected(std::move(moved).error());
  record_message(now, moved->message);
  if (scheduled) {
    tell_app(moved->message);
    nudge();
  }
  co_return std::move(moved->message);
}

Task<Result<Message>> World::do_redact(MessageSid sid) {
  const bool simulated = real_twilio_ == nullptr;
  const Time now = time_.now();
  ports::MessageStore::Change change = [simulated, now](Message& message) -> Result<void> {
    if (!simulated && !is_ours(message)) return fail(Errc::NotFound, message.sid.text);
    if (!is_final(message.status)) return fail(Errc::NotFinal);
    message.body.clear();
    if (simulated) message.updated = now;
    return {};
  };
  co_return co_await store_->alter(std::move(sid), std::move(change));
}

Task<Result<void>> World::do_remove(MessageSid sid) {
  const auto found = co_await store_->find(sid);
  const bool simulated = real_twilio_ == nullptr;
  if (!found || (!simulated && !is_ours(*found))) co_return fail(Errc::NotFound, sid.text);
  if (!is_final(found->status)) co_return fail(Errc::NotFinal);
  co_return co_await store_->remove(std::move(sid));
}

// What an earlier run has refused, and has not told the app of.
Task<void> World::take_up_refused() {
  if (real_twilio_ == nullptr) co_return;
  MessageFilter ours;
  ours.ours_only = true;
  ours.unfinished_only = true;
  PageRequest page;
  page.limit = limits::kSettlesWaitingMax;
  const auto found = co_await store_->list(ours, page);
  if (!found) co_return;
  for (const Message& message : found->messages) {
    if (message.held_until) continue;
    ports::LedgerQuery query{.limit = 1, .message = message.sid};
    const auto decided = co_await store_->decisions(std::move(query));
    const bool said = decided && !decided->empty() && decided->front().code;
    fail_later(message.sid, said ? *decided->front().code : kOutsideWindow);
  }
}

// What passes by says what became of sends whose callbacks never came.
Task<void> World::do_learn(std::vector<RemoteMessage> messages) {
  for (const RemoteMessage& message : messages) {
    if (message.direction == Direction::Inbound) continue;
    const MessageSid sid = aliases_.ours(message.sid).value_or(message.sid);
    const auto known = co_await store_->find(sid);
    if (!known || is_final(known->status) || known->status == message.status) continue;
    const Time now = time_.now();
    ports::AccountStore::News news{
        .sid = sid, .status = message.status, .error_code = message.error_code};
    const auto heard_of = co_await store_->hear(std::move(news), now);
    if (heard_of) tell_heard(*heard_of, now);
  }
}

}  // namespace twindow::gateway
