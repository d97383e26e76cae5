// SPDX-License-Identifier: Apache-2.0
// What is done wrong on purpose: to calls of the API, and to webhooks.
#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

using Hit = policy::FaultRules::Hit<FaultCallbacks>;

void World::begin_with_faults(std::vector<policy::FaultRule> rules) {
  [[maybe_unused]] const auto mistake = faults_.replace(std::move(rules));
  faulty_ = !faults_.empty();
}

Task<std::optional<policy::FaultMistake>> World::set_faults(std::vector<policy::FaultRule> rules) {
  return run_on(strand_, do_set_faults(std::move(rules)));
}

Task<std::vector<policy::FaultRules::Counted>> World::faults() {
  return run_on(strand_, do_faults());
}

Task<std::optional<policy::FaultRules::Hit<FaultResponse>>> World::fault_of(
    policy::FaultCall call) {
  return run_on(strand_, do_fault_of(call));
}

Task<void> World::tell_before_answer(MessageSid sid) {
  return run_on(strand_, do_tell_before_answer(std::move(sid)));
}

Task<std::optional<policy::FaultMistake>> World::do_set_faults(
    std::vector<policy::FaultRule> rules) {
  auto mistake = faults_.replace(std::move(rules));
  faulty_ = !faults_.empty();
  co_return mistake;
}

Task<std::vector<policy::FaultRules::Counted>> World::do_faults() { co_return faults_.list(); }

Task<std::optional<policy::FaultRules::Hit<FaultResponse>>> World::do_fault_of(
    policy::FaultCall call) {
  co_return faults_.of_call(call);
}

Task<std::unique_ptr<World::Pause>> World::pause(Duration time) {
  // The clock may go on by itself while the call waits for it.
  ++calls_seen_;
  --calls_;
  Task<void> wait = do_pause(time);
  co_await run_on(strand_, std::move(wait));
  ++calls_;
  co_return std::make_unique<Pause>(*this);
}

World::Pause::~Pause() {
  --world_.pauses_ending_;
  world_.pause_over_.notify();
}

Task<void> World::do_pause(Duration time) {
  const auto over = std::make_shared<Wakeup>(strand_);
  paused_.insert(over);
  time_.at(time_.now() + time, TimerKind::Progress, [this, over] {
    if (paused_.erase(over) == 0) return;
    ++pauses_ending_;
    over->notify();
  });
  nudge();
  co_await over->wait();
}

void World::end_pauses() {
  for (const auto& over : paused_) {
    ++pauses_ending_;
    over->notify();
  }
  paused_.clear();
}

Task<void> World::do_tell_before_answer(MessageSid sid) {
  const std::uint64_t epoch = epoch_;
  const Result<Message> message = co_await store_->find(sid);
  if (!message || epoch != epoch_) co_return;
  const auto hit = faults_.of_create(*message);
  if (!hit) co_return;
  StatusUpdate update{.sid = std::move(sid), .status = MessageStatus::Sent};
  [[maybe_unused]] const Result<Reported> told = co_await do_report(std::move(update));
}

// As often as the app is to hear it.
std::vector<Webhook> World::faulted(Webhook hook, const Hit& hit) {
  // What a scenario's rule says of the signature stays where the fault says nothing of it.
  SignatureFault signature = hit.effect.signature;
  if (signature == SignatureFault::None) signature = hook.fault.signature;
  hook.fault = {.signature = signature, .lost = hit.effect.lost, .rule = hit.rule};
  std::vector<Webhook> hooks{hook};
  if (!hit.effect.doubled) return hooks;
  // The same news, so under the same idempotency token; a try of its own here.
  hook.id = webhook_ids_.next("CB");
  store_->raise_counter(kWebhookIdCounter, webhook_ids_.counter());
  hooks.push_back(std::move(hook));
  return hooks;
}

void World::tell_faultily(const Message& message, Webhook hook) {
  const auto hit = faults_.of_webhook(message, false);
  if (!hit) return hand_over(message.sid, {std::move(hook)}, false);
  std::vector<Webhook> hooks = faulted(std::move(hook), *hit);
  const bool behind_next = hit->effect.out_of_order;
  if (hit->effect.late <= Duration::zero()) {
    return hand_over(message.sid, std::move(hooks), behind_next);
  }
  time_.at(time_.now() + hit->effect.late, TimerKind::Progress,
           [this, epoch = epoch_, sid = message.sid, hooks = std::move(hooks), behind_next] {
             if (epoch == epoch_) hand_over(sid, hooks, behind_next);
           });
}

void World::hand_over(const MessageSid& message, std::vector<Webhook> hooks, bool behind_next) {
  auto waiting = behind_next_.extract(message);
  if (waiting.empty() && behind_next) {
    behind_next_.emplace(message, std::move(hooks));
    time_.at(time_.now() + limits::kOutOfOrderWaitMax, TimerKind::Progress,
             [this, epoch = epoch_, message] {
               if (epoch == epoch_) hand_over(message, {}, false);  // there is no next one
             });
    return;
  }
  for (Webhook& hook : hooks) postman_.enqueue(std::move(hook));
  if (waiting.empty()) return;
  for (Webhook& hook : waiting.mapped()) postman_.enqueue(std::move(hook));
}

// For a webhook whose answer somebody waits for: what can be done to it is done, and it is told
// once before if it is to be told twice.
Task<void> World::deliver_faulted(const Message& message, Webhook& hook) {
  const bool inbound = std::holds_alternative<InboundNews>(hook.news);
  const auto hit = faults_.of_webhook(message, inbound);
  if (!hit) co_return;
  std::vector<Webhook> hooks = faulted(std::move(hook), *hit);
  hook = std::move(hooks.back());
  hooks.pop_back();
  for (Webhook& before : hooks) {
    co_await postman_.deliver(std::move(before));
  }
}

}  // namespace twindow::gateway
