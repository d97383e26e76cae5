// SPDX-License-Identifier: Apache-2.0
// What only the simulator has: sends that wait for their time, personas, the Sandbox, feedback.
#include <algorithm>

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

using namespace std::chrono_literals;

Task<Result<Message>> World::give_feedback(MessageSid sid, bool confirmed) {
  return run_on(strand_, do_give_feedback(std::move(sid), confirmed));
}

Task<Result<void>> World::remove_media(MessageSid sid, MediaSid item) {
  return run_on(strand_, do_remove_media(std::move(sid), std::move(item)));
}

Task<Personas> World::personas() { return run_on(strand_, do_personas()); }

Task<void> World::set_personas(Personas personas) {
  return run_on(strand_, do_set_personas(std::move(personas)));
}

Task<World::SandboxView> World::sandbox() { return run_on(strand_, do_sandbox()); }

Task<Result<Message>> World::do_give_feedback(MessageSid sid, bool confirmed) {
  const Time now = time_.now();
  ports::MessageStore::Change change = [now, confirmed](Message& message) -> Result<void> {
    if (!message.options->provide_feedback) {
      return fail(Errc::InvalidParameter,
                  "feedback is taken for messages that were created with ProvideFeedback=true");
    }
    Feedback& feedback = message.feedback.edit();
    if (feedback.created == Time()) feedback.created = now;
    feedback.updated = now;
    feedback.confirmed = confirmed;
    return {};
  };
  co_return co_await store_->alter(std::move(sid), std::move(change));
}

Task<Result<void>> World::do_remove_media(MessageSid sid, MediaSid item) {
  ports::MessageStore::Change change = [item](Message& message) -> Result<void> {
    const bool removed =
        std::erase_if(message.media, [&](const MediaItem& each) { return each.sid == item; }) > 0;
    return removed ? Result<void>() : fail(Errc::NotFound, item.text);
  };
  const auto changed = co_await store_->alter(std::move(sid), std::move(change));
  co_return changed ? Result<void>() : Unexpected(changed.error());
}

Task<Personas> World::do_personas() { co_return personas_; }

Task<void> World::do_set_personas(Personas personas) {
  personas_ = personas;
  carrier_->set_personas(std::move(personas));
  co_return;
}

Task<World::SandboxView> World::do_sandbox() {
  co_return SandboxView{.join_code = sandbox_.join_code(),
                        .members = sandbox_.members(time_.now())};
}

// Source: twilio.com/docs/messaging/features/message-scheduling.
Result<void> World::check_schedule(const SendRequest& request) const {
  const auto at = request.options->send_at;
  if (!at) return {};
  const Duration ahead = *at - time_.now();
  if (ahead < limits::kScheduleAheadMin || ahead > limits::kScheduleAheadMax) {
    return fail(Errc::ScheduleTimeOutOfRange);
  }
  if (scheduled_ >= limits::kScheduledMax) return fail(Errc::ScheduledTooMany);
  return {};
}

void World::watch_scheduled(const Message& message, std::optional<int> failure,
                            std::shared_ptr<const ScriptPlan> script) {
  ++scheduled_;
  time_.at(*message.options->send_at, TimerKind::Deadline,
           [this, sid = message.sid, failure, script = std::move(script), epoch = epoch_] {
             if (epoch == epoch_) due_.push_back({sid, failure, script});
           });
}

// Its time has come: now its window counts, and not that of its create.
Task<void> World::send_due(Due due) {
  const std::uint64_t epoch = epoch_;
  const auto found = co_await store_->find(due.sid);
  const bool waits = found && found->status == MessageStatus::Scheduled;
  if (!waits || epoch != epoch_) co_return;
  --scheduled_;
  const Time now = time_.now();
  WindowKey pair = window_key(found->sender, found->to);
  const auto window = co_await store_->find(std::move(pair));
  ports::Facts facts{.now = now, .window = window ? *window : std::nullopt};
  ports::MessageStore::Change change = [this, facts](Message& message) -> Result<void> {
    complete(message, facts);
    return {};
  };
  const auto judged = co_await store_->alter(due.sid, std::move(change));
  const StatusUpdate queued{.sid = due.sid, .status = MessageStatus::Queued};
  const auto moved = co_await store_->move(queued, now);
  if (!judged || !moved || epoch != epoch_) co_return;
  record_message(now, moved->message);
  tell_app(moved->message);
  if (due.script) {
    follow(moved->message, due.script);
  } else if (due.failure) {
    fail_later(due.sid, *due.failure);
  } else {
    carrier_->submit(moved->message);
  }
}

// What an earlier run has left on its way goes on. What this run has sent already while we looked
// around must not go twice.
Task<void> World::take_up_sent() {
  if (real_twilio_ != nullptr || test_) co_return;
  MessageFilter unfinished;
  unfinished.unfinished_only = true;
  unfinished.outbound_only = true;
  PageRequest page;
  page.limit = limits::kTakenUpMax;
  const auto found = co_await store_->list(unfinished, page);
  if (!found) co_return;
  // In the order of their creation.
  for (auto message = found->messages.rbegin(); message != found->messages.rend(); ++message) {
    if (message->held_until || begun_.contains(message->sid)) continue;
    if (message->status == MessageStatus::Scheduled) {
      watch_scheduled(*message, std::nullopt, nullptr);
    } else {
      carrier_->submit(*message);
    }
  }
}

// A message of Twilio's own, as of the keywords it answers, as it was accepted.
Task<std::optional<Message>> World::reply(Address from, Address to, std::string text) {
  const std::uint64_t epoch = epoch_;
  const Time now = time_.now();
  Message message{.sid = {next_sid("SM")},
                  .account = account(),
                  .direction = Direction::OutboundReply,
                  .from = from,
                  .sender = from,
                  .to = std::move(to),
                  .body = std::move(text),
                  .status = MessageStatus::Queued,
                  .created = now,
                  .updated = now};
  if (from.channel == Channel::WhatsApp) message.kind = MessageKind::Freeform;
  message.num_segments = segments_of(message);
  ports::Judge judged = judge();
  const auto stored = co_await store_->admit(std::move(message), std::move(judged));
  if (!stored || epoch != epoch_) co_return std::nullopt;
  begin(*stored, std::nullopt, nullptr);
  co_return *stored;
}

// Its answer, once it is kept who is a member now.
Task<Result<std::string>> World::ask_sandbox(InboundMessage message, Time now, bool has_url) {
  std::string answer = sandbox_hears(message, now, has_url);
  std::string user = canonical_user(message.from);
  const std::optional<Time> since = sandbox_.since(user);
  const Resource* const before = store_->resources().find(ResourceKind::SandboxMember, user);
  Changes changes;
  if (since && (before == nullptr || before->created != *since)) {
    changes.put.push_back({.kind = ResourceKind::SandboxMember,
                           .sid = std::move(user),
                           .created = *since,
                           .updated = *since});
  } else if (!since && before != nullptr) {
    changes.erased.push_back({ResourceKind::SandboxMember, std::move(user)});
  } else {
    co_return answer;
  }
  const Result<void> kept = co_await store_->change_resources(std::move(changes));
  if (!kept) co_return Unexpected(kept.error());
  co_return answer;
}

// Answers what the Sandbox says to a message; empty if it is the app's. Source: Twilio's page on
// the Sandbox; the words are ours.
std::string World::sandbox_hears(const InboundMessage& message, Time now, bool has_url) {
  const std::string user = canonical_user(message.from);
  switch (sandbox_.word_of(message.body)) {
    case Sandbox::Word::Joins:
      sandbox_.join(user, now);
      return "You are in: this sandbox reaches you at " + message.from.text +
             " for the next 72 hours. Send stop to leave it.";
    case Sandbox::Word::WrongCode:
      return "No sandbox has that code. Look for it in the console, and send it again.";
    case Sandbox::Word::Leaves:
      sandbox_.leave(user);
      return "You have left the sandbox. Send join " + sandbox_.join_code() + " to come back.";
    case Sandbox::Word::None:
      break;
  }
  if (!sandbox_.has(user, now)) {
    return "You are not connected to a sandbox. Send join and its code first.";
  }
  if (has_url) return {};
  return "You said: " + message.body + ". Configure an inbound URL for the sandbox to answer it.";
}

}  // namespace twindow::gateway
