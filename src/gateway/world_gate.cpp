// SPDX-License-Identifier: Apache-2.0
// Sends that a policy judges: the decision, and what each of its outcomes does.
#include <algorithm>

#include "twindow/base/limits.h"
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"
#include "twindow/policy/decide.h"

namespace twindow::gateway {

namespace {

bool may_hold(const policy::Policy& policy) {
  return std::ranges::any_of(policy.rules, [](const policy::Rule& rule) {
    return std::holds_alternative<policy::HoldAction>(rule.action);
  });
}

}  // namespace

Task<World::Decided> World::decide(policy::SendCall call, std::optional<Time> at,
                                   std::string authorization) {
  return run_on(strand_, do_decide(std::move(call), at, std::move(authorization)));
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
  return run_on(strand_,
                do_keep_sent(std::move(request), std::move(sid), status, std::move(entry)));
}

Task<bool> World::do_nobody_is_told(SendRequest request) {
  if (!twilio_) co_return false;
  std::vector<Address> senders = senders_.candidates(request);
  const bool asks_pool = !request.from && request.service && senders_.open();
  if (asks_pool) {
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

// Everything a decision depends on is read here, once; then `policy::decide` is a pure function.
// In front of the real Twilio it is asked first for what is not known yet and matters.
Task<World::Decided> World::do_decide(policy::SendCall call, std::optional<Time> at,
                                      std::string authorization) {
  // Who asks although there is no gate learns what one would do.
  const std::shared_ptr<const policy::Policy> policy =
      policy_ ? policy_
              : std::make_shared<const policy::Policy>(policy::Policy{
                    .window = {.margin = Duration()}, .rules = policy::built_in_rules()});
  const Address& user = call.request.to;
  const bool whatsapp = user.channel == Channel::WhatsApp;
  const auto content = call.param("ContentSid");
  bool content_known = true;
  bool asked = true;  // whatever had to be known of the window
  std::vector<Address> senders = senders_.candidates(call.request);
  if (twilio_ && whatsapp) {
    co_await twilio_->refresh_templates(templates_, policy->templates.refresh, authorization);
    if (const auto sid = parse_content_sid(content.value_or(""))) {
      content_known = co_await know_content(*sid, authorization);
    }
    const bool asks_pool = !call.request.from && call.request.service && senders_.open();
    if (asks_pool) {
      asked = !twilio_->resting();
      senders = co_await twilio_->pool(*call.request.service, authorization);
    }
  }
  std::vector<WindowFact> windows;
  if (whatsapp) {
    windows = co_await window_facts(senders, user);
  }
  policy::Facts facts{.now = at.value_or(time_.now()), .windows = std::move(windows)};
  const policy::TemplateCatalog templates = templates_.catalog();
  if (!twilio_ || twilio_->templates_known()) facts.templates = &templates;
  if (twilio_) facts.templates_stale_since = twilio_->templates_stale_since();
  // The list cannot be had, this one could.
  if (content && facts.templates == nullptr) facts.content = templates.find(*content);
  facts.content_absent = content && content_known && templates.find(*content) == nullptr;
  if (call.request.from) {
    facts.sender_known = senders_.knows(*call.request.from);
    const bool ask = !facts.sender_known && twilio_ && whatsapp &&
                     call.request.from->form == AddressForm::E164 &&
                     call.request.from->text != kSandboxAddress;
    if (ask) facts.sender_known = twilio_->has_sender(*call.request.from);
    WindowKey pair = window_key(*call.request.from, user);
    if (may_be_alias(pair)) {
      const auto kept = co_await store_->resolve(pair);
      if (kept) pair = *kept;
    }
    facts.opted_out = opted_out(call.request, nullptr, pair.user);
  }
  std::optional<Address> holds_for;
  if (may_hold(*policy)) holds_for = held_for(call.request, senders);
  facts.held = limits::kHeldPerPairMax;  // as if: where it cannot be held
  if (holds_for) {
    const WindowKey pair = window_key(*holds_for, user);
    facts.held = held_.count(pair);
    facts.last_nudge = held_.last_nudge(pair);
  }
  facts.opted_out = facts.opted_out || opted_out(call.request, nullptr, canonical_user(user));
  if (twilio_ && whatsapp && policy->window.unknown == policy::UnknownWindow::Lookup) {
    const Time judged_at = call.send_at ? std::max(*call.send_at, facts.now) : facts.now;
    const WindowAtSend known = window_at(facts.windows, judged_at, policy->window.margin);
    // The cheap question first: most windows are known.
    const bool looks =
        known.state == WindowState::Unknown && policy::depends_on_window(*policy, call, facts);
    if (looks) {
      const bool all = co_await look_up_windows(senders, user, std::move(authorization));
      facts.twilio_silent = !all || (senders.empty() && !asked);
      facts.windows = co_await window_facts(std::move(senders), user);
    }
  }
  co_return Decided{policy::decide(*policy, call, facts), facts.now};
}

// A world of the simulator has seen every message of its users: what it does not know is not there.
Task<std::vector<WindowFact>> World::window_facts(std::vector<Address> senders, Address user) {
  std::vector<WindowFact> facts;
  for (const Address& sender : senders) {
    const WindowKey key = window_key(sender, user);
    const auto found = co_await store_->find(key);
    const bool known = co_await covered(key);
    if (found) facts.push_back({.window = *found, .covered = known});
  }
  co_return facts;
}

// Of an id that was never seen nobody knows whose it is: the user may have written under a number.
Task<bool> World::covered(WindowKey asked) {
  if (!twilio_) co_return true;
  if (!may_be_alias(asked)) co_return twilio_->covers(asked);
  if (twilio_->covers_alone(asked)) co_return true;
  const auto window = co_await store_->find(asked);
  const auto kept = co_await store_->resolve(asked);
  const bool seen = (window && *window) || (kept && *kept != asked);
  const bool known = seen && kept && twilio_->covers(*kept);
  co_return known;
}

// False if Twilio was not asked for one of them, since it has just not answered.
Task<bool> World::look_up_windows(std::vector<Address> senders, Address user,
                                  std::string authorization) {
  bool all = true;
  for (const Address& sender : senders) {
    const WindowKey pair = window_key(sender, user);
    const bool known = co_await covered(pair);
    if (known) continue;
    TwilioFacts::Keep keep = [this](ports::PastInbound inbound) {
      return keep_past(std::move(inbound));
    };
    const bool asked = co_await twilio_->look_up(sender, user, std::move(keep), authorization);
    all = all && asked;
  }
  co_return all;
}

Task<Result<void>> World::keep_past(ports::PastInbound inbound) {
  std::vector<ports::PastInbound> one;
  one.push_back(std::move(inbound));
  co_return co_await keep_all_past(std::move(one));
}

// False if Twilio could not say whether it is there.
Task<bool> World::know_content(ContentSid content, std::string authorization) {
  if (templates_.find(content) != nullptr) co_return true;
  const std::optional<bool> found =
      co_await twilio_->find_template(templates_, content, std::move(authorization));
  co_return found.has_value();
}

Task<Result<Message>> World::do_keep_sent(SendRequest request, MessageSid sid, MessageStatus status,
                                          LedgerEntry entry) {
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
  entry.message = std::move(sid);
  if (heard()) record(entry.at, DecisionEvent{entry});
  const ports::Judge none;
  Result<Message> stored =
      co_await store_->admit_decided(std::move(message), none, std::move(entry));
  if (stored) {
    record_message(stored->created, *stored);
    if (real_twilio_ != nullptr) settler_.watch(stored->sid, stored->created);
  }
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
