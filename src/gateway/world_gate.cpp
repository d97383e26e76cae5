// SPDX-License-Identifier: Apache-2.0
// Sends that a policy judges: the decision, and what each of its outcomes does.
#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"
#include "twindow/policy/decide.h"

namespace twindow::gateway {

Task<World::Decided> World::decide(policy::SendCall call, std::optional<Time> at,
                                   std::string authorization) {
  return run_on(strand_, do_decide(std::move(call), at, std::move(authorization)));
}

// Nearly every decision: the way to the strand and back costs several times as much.
std::optional<World::Decided> World::decide_now(const policy::SendCall& call) {
  const Alone alone(*this);
  if (!alone) return std::nullopt;
  const std::shared_ptr<const policy::Policy> policy = judging_policy();
  std::optional<Learned> known = learned(call, *policy);
  if (!known) return std::nullopt;
  const policy::Facts facts =
      facts_of(call, *policy, templates_.catalog(), *std::move(known), time_.now());
  if (must_look_up(call, *policy, facts)) return std::nullopt;
  return Decided{policy::decide(*policy, call, facts), facts.now};
}

Task<Result<Message>> World::send_decided(SendRequest request, LedgerEntry entry) {
  return run_on(strand_, do_send_decided(std::move(request), std::move(entry), std::nullopt));
}

Task<Result<Message>> World::refuse_later(SendRequest request, LedgerEntry entry) {
  const int code = entry.code.value_or(kOutsideWindow);
  return run_on(strand_, do_send_decided(std::move(request), std::move(entry), code));
}

Task<bool> World::nobody_is_told(SendRequest request) {
  return run_on(strand_, do_nobody_is_told(std::move(request)));
}

std::optional<bool> World::nobody_is_told_now(const SendRequest& request) {
  const Alone alone(*this);
  if (!alone) return std::nullopt;
  if (senders_.pool_is_elsewhere(request)) return std::nullopt;
  return twilio_ && twilio_->nobody_is_told(senders_.candidates(request), request.service);
}

Task<std::optional<std::vector<Address>>> World::senders_at_twilio() {
  return run_on(strand_, do_senders_at_twilio());
}

Task<Result<void>> World::enter(LedgerEntry entry) {
  return run_on(strand_, do_enter(std::move(entry)));
}

Task<Result<std::vector<LedgerEntry>>> World::decisions(ports::LedgerQuery query) {
  return run_on(strand_, store_->decisions(std::move(query)));
}

Task<void> World::set_policy(std::shared_ptr<const policy::Policy> policy) {
  return run_on(strand_, do_set_policy(std::move(policy)));
}

Task<Result<Message>> World::keep_sent(SendRequest request, MessageSid sid, MessageStatus status,
                                       LedgerEntry entry) {
  auto begun = begin_keeping(request, sid, status, entry);
  if (begun) return end_keeping(*std::move(begun));
  return run_on(strand_,
                do_keep_sent(std::move(request), std::move(sid), status, std::move(entry)));
}

// Without the way to the strand and back, which costs more than what is done there. Nothing if that
// cannot be: then the request and the entry are untouched.
std::optional<Task<Result<Message>>> World::begin_keeping(SendRequest& request,
                                                          const MessageSid& sid,
                                                          MessageStatus status,
                                                          LedgerEntry& entry) {
  const Alone alone(*this);
  if (!alone || !store_->admits_anywhere()) return std::nullopt;
  Message message = sent_message(std::move(request), sid, status, entry);
  entry.message = sid;
  if (heard()) record(entry.at, DecisionEvent{entry});
  return store_->admit_decided(std::move(message), nullptr, std::move(entry));
}

Task<Result<Message>> World::end_keeping(Task<Result<Message>> begun) {
  Result<Message> stored = co_await std::move(begun);
  if (!stored || watch_sent_now(*stored)) co_return stored;
  co_await run_on(strand_, do_watch_sent(*stored));
  co_return stored;
}

bool World::watch_sent_now(const Message& stored) {
  const Alone alone(*this);
  if (alone) watch_sent(stored);
  return static_cast<bool>(alone);
}

Task<void> World::do_watch_sent(Message stored) {
  watch_sent(stored);
  co_return;
}

std::optional<Result<void>> World::keep_sent_now(SendRequest& request, const MessageSid& sid,
                                                 MessageStatus status, LedgerEntry& entry) {
  if (prompt_ == nullptr) return std::nullopt;
  const Alone alone(*this);
  if (!alone) return std::nullopt;
  Message message = sent_message(std::move(request), sid, status, entry);
  entry.message = sid;
  if (heard()) record(entry.at, DecisionEvent{entry});
  const Result<const Message*> stored =
      prompt_->admit_decided_now(std::move(message), nullptr, std::move(entry));
  if (!stored) return Unexpected(stored.error());
  watch_sent(**stored);
  return Result<void>();
}

Task<bool> World::do_nobody_is_told(SendRequest request) {
  if (!twilio_) co_return false;
  std::vector<Address> senders = senders_.candidates(request);
  if (senders_.pool_is_elsewhere(request)) {
    senders = co_await twilio_->pool(*request.service);
  }
  co_return twilio_->nobody_is_told(senders, request.service);
}

Task<std::optional<std::vector<Address>>> World::do_senders_at_twilio() {
  std::optional<std::vector<Address>> all;
  const auto* const own = twilio_ ? twilio_->senders() : nullptr;
  if (own != nullptr) {
    all.emplace();
    for (const ports::OwnSender& each : *own) all->push_back(each.address);
  }
  co_return all;
}

std::shared_ptr<const policy::Policy> World::judging_policy() const {
  if (policy_) return policy_;
  // Who asks although there is no gate learns what one would do.
  return std::make_shared<const policy::Policy>(
      policy::Policy{.window = {.margin = Duration()}, .rules = policy::built_in_rules()});
}

// Everything a decision depends on is read here, once; then `policy::decide` is a pure function.
// In front of the real Twilio it is asked first for what is not known yet and matters.
Task<World::Decided> World::do_decide(policy::SendCall call, std::optional<Time> at,
                                      std::string authorization) {
  const std::shared_ptr<const policy::Policy> policy = judging_policy();
  Learned learned = co_await learn(call, policy, authorization);
  std::vector<Address> senders = learned.senders;
  const bool asked = learned.asked;
  const policy::TemplateCatalog templates = templates_.catalog();
  policy::Facts facts =
      facts_of(call, *policy, templates, std::move(learned), at.value_or(time_.now()));
  if (must_look_up(call, *policy, facts)) {
    Address user = call.request.to;
    const bool all = co_await look_up_windows(senders, user, std::move(authorization));
    facts.twilio_silent = !all || (senders.empty() && !asked);
    facts.windows = co_await window_facts(std::move(senders), std::move(user));
  }
  co_return Decided{policy::decide(*policy, call, facts), facts.now};
}

// As Twilio has made it of the request.
Message World::sent_message(SendRequest&& request, const MessageSid& sid, MessageStatus status,
                            const LedgerEntry& entry) {
  const std::vector<Address> senders = senders_.candidates(request);
  Address sender = request.from ? *request.from : senders.empty() ? Address() : senders.front();
  const ContentTemplate* content = request.content ? templates_.find(*request.content) : nullptr;
  std::string text;
  if (content != nullptr) text = fill_template(content->body, request.variables, content->samples);
  Message message = draft(std::move(request), std::move(sender), sid);
  if (!text.empty()) message.body = std::move(text);
  message.upstream_sid = sid;
  message.status = status;
  message.kind = entry.kind;
  message.window = entry.window;
  return message;
}

void World::watch_sent(const Message& stored) {
  record_message(stored.created, stored);
  if (real_twilio_ != nullptr) settler_.watch(stored.sid, stored.created);
}

Task<Result<Message>> World::do_keep_sent(SendRequest request, MessageSid sid, MessageStatus status,
                                          LedgerEntry entry) {
  Message message = sent_message(std::move(request), sid, status, entry);
  entry.message = std::move(sid);
  if (heard()) record(entry.at, DecisionEvent{entry});
  const ports::Judge none;
  Result<Message> stored =
      co_await store_->admit_decided(std::move(message), none, std::move(entry));
  if (stored) watch_sent(*stored);
  co_return stored;
}

// With a `failure` it ends so, whatever else would become of it.
Task<Result<Message>> World::do_send_decided(SendRequest request, LedgerEntry entry,
                                             std::optional<int> failure) {
  const std::uint64_t epoch = epoch_;
  Result<Draft> draft = draft_of(std::move(request));
  if (!draft) co_return Unexpected(std::move(draft).error());
  entry.message = draft->message.sid;
  if (heard()) record(entry.at, DecisionEvent{entry});
  ports::Judge judged = judge_as(entry);
  Result<Message> stored = co_await store_->admit_decided(std::move(draft->message),
                                                          std::move(judged), std::move(entry));
  if (!stored || epoch != epoch_) co_return stored;
  // Who is refused here never comes to where a scenario would have a say.
  begin(*stored, failure ? failure : draft->failure, failure ? nullptr : draft->script);
  nudge();
  co_return stored;
}

Task<Result<void>> World::do_enter(LedgerEntry entry) {
  if (heard()) record(entry.at, DecisionEvent{entry});
  co_return co_await store_->enter(std::move(entry));
}

// In front of the real Twilio the decision knows the window, and not the store alone.
ports::Judge World::judge_as(const LedgerEntry& entry) const {
  if (!twilio_) return judge();
  return [kind = entry.kind, window = entry.window](Message& message, const ports::Facts&) {
    message.kind = kind;
    message.window = window;
  };
}

Task<void> World::do_set_policy(std::shared_ptr<const policy::Policy> policy) {
  const Duration margin_before = margin();
  const Duration warned_before = warn_before();
  policy_ = std::move(policy);
  gated_ = policy_ != nullptr;
  if (margin() == margin_before && warn_before() == warned_before) co_return;
  window_ends_.clear();  // they are other ends now
  co_await watch_known_windows();
  nudge();
}

}  // namespace twindow::gateway
