// SPDX-License-Identifier: Apache-2.0
// What the gate's decisions depend on: learned from whoever knows it, and gathered.
#include <algorithm>

#include "twindow/base/limits.h"
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

Task<World::Learned> World::learn(policy::SendCall call,
                                  std::shared_ptr<const policy::Policy> policy,
                                  std::string authorization) {
  Learned learned{.senders = senders_.candidates(call.request)};
  const bool whatsapp = call.request.to.channel == Channel::WhatsApp;
  if (twilio_ && whatsapp) {
    co_await twilio_->refresh_templates(templates_, policy->templates.refresh, authorization);
    if (const auto sid = parse_content_sid(call.param("ContentSid").value_or(""))) {
      learned.content_known = co_await know_content(*sid, authorization);
    }
    if (senders_.pool_is_elsewhere(call.request)) {
      learned.asked = !twilio_->resting();
      learned.senders = co_await twilio_->pool(*call.request.service, authorization);
    }
  }
  if (whatsapp) {
    learned.windows = co_await window_facts(learned.senders, call.request.to);
  }
  if (call.request.from) {
    WindowKey pair = window_key(*call.request.from, call.request.to);
    if (may_be_alias(pair)) {
      const auto kept = co_await store_->resolve(pair);
      if (kept) pair = *kept;
    }
    learned.pair = std::move(pair);
  }
  co_return learned;
}

// The same, of what nobody has to be asked for; nothing if that is not all.
std::optional<World::Learned> World::learned(const policy::SendCall& call,
                                             const policy::Policy& policy) const {
  Learned learned{.senders = senders_.candidates(call.request)};
  const Address& user = call.request.to;
  const bool whatsapp = user.channel == Channel::WhatsApp;
  if (twilio_ && whatsapp) {
    if (twilio_->templates_due(policy.templates.refresh)) return std::nullopt;
    const auto sid = parse_content_sid(call.param("ContentSid").value_or(""));
    if (sid && templates_.find(*sid) == nullptr) return std::nullopt;
    if (senders_.pool_is_elsewhere(call.request)) {
      const auto* const pool = twilio_->known_pool(*call.request.service);
      if (pool == nullptr) return std::nullopt;
      learned.senders = *pool;
    }
  }
  if (whatsapp) {
    for (const Address& sender : learned.senders) {
      const WindowKey key = window_key(sender, user);
      auto known = store_->find_now(key);
      const auto covered = covered_now(key);
      if (!known || !covered) return std::nullopt;
      learned.windows.push_back({.window = std::move(known->there), .covered = *covered});
    }
  }
  if (call.request.from) {
    WindowKey pair = window_key(*call.request.from, user);
    if (may_be_alias(pair)) return std::nullopt;
    learned.pair = std::move(pair);
  }
  return learned;
}

policy::Facts World::facts_of(const policy::SendCall& call, const policy::Policy& policy,
                              const policy::TemplateCatalog& templates, Learned learned, Time now) {
  const Address& user = call.request.to;
  policy::Facts facts{.now = now, .windows = std::move(learned.windows)};
  if (!twilio_ || twilio_->templates_known()) facts.templates = &templates;
  if (twilio_) facts.templates_stale_since = twilio_->templates_stale_since();
  if (const auto content = call.param("ContentSid")) {
    const ContentTemplate* const found = templates.find(*content);
    // The list cannot be had, this one could.
    if (facts.templates == nullptr) facts.content = found;
    facts.content_absent = learned.content_known && found == nullptr;
  }
  if (call.request.from) {
    facts.sender_known = senders_.knows(*call.request.from);
    const bool ask = !facts.sender_known && twilio_ && user.channel == Channel::WhatsApp &&
                     call.request.from->form == AddressForm::E164 &&
                     call.request.from->text != kSandboxAddress;
    if (ask) facts.sender_known = twilio_->has_sender(*call.request.from);
  }
  if (learned.pair) facts.opted_out = opted_out(call.request, nullptr, learned.pair->user);
  std::optional<Address> holds_for;
  if (may_hold(policy)) holds_for = held_for(call.request, learned.senders);
  facts.held = limits::kHeldPerPairMax;  // as if: where it cannot be held
  if (holds_for) {
    const WindowKey pair = window_key(*holds_for, user);
    facts.held = held_.count(pair);
    facts.last_nudge = held_.last_nudge(pair);
  }
  facts.opted_out = facts.opted_out || opted_out(call.request, nullptr, canonical_user(user));
  return facts;
}

// The cheap question first: most windows are known.
bool World::must_look_up(const policy::SendCall& call, const policy::Policy& policy,
                         const policy::Facts& facts) const {
  const bool may = twilio_ && call.request.to.channel == Channel::WhatsApp &&
                   policy.window.unknown == policy::UnknownWindow::Lookup;
  if (!may) return false;
  const Time judged_at = call.send_at ? std::max(*call.send_at, facts.now) : facts.now;
  const WindowAtSend known = window_at(facts.windows, judged_at, policy.window.margin);
  return known.state == WindowState::Unknown && policy::depends_on_window(policy, call, facts);
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

std::optional<bool> World::covered_now(const WindowKey& asked) const {
  if (!twilio_) return true;
  if (!may_be_alias(asked)) return twilio_->covers(asked);
  if (twilio_->covers_alone(asked)) return true;
  return std::nullopt;
}

// Of an id that was never seen nobody knows whose it is: the user may have written under a number.
Task<bool> World::covered(WindowKey asked) {
  if (const auto known = covered_now(asked)) co_return *known;
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

}  // namespace twindow::gateway
