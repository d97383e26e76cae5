// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/decide.h"

#include "twindow/base/duration_text.h"

#include "src/policy/checks.h"
#include "src/policy/reason.h"
#include "src/policy/reroute.h"

namespace twindow::policy {

namespace {

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

// What one rule, or the lack of one, makes of a send.
struct Outcome {
  std::variant<Pass, Reject, Reroute, Hold> verdict = Pass{};
  std::string rule = {};
  std::string text = {};  // 'rule "all else" refuses it (63016)'
};

// The error: why the rule cannot be carried out; empty if there is nothing to tell.
using Carried = Expected<Outcome, std::string>;

class Judge {
 public:
  Judge(const Policy& policy, const SendCall& call, const Facts& facts)
      : policy_(policy), view_(view_of(policy.window, call, facts)) {}

  Decision decide() {
    for (const Rule& rule : policy_.rules) {
      if (!rule.match.matches(view_)) continue;
      auto outcome =
          std::visit([&](const auto& action) { return carry_out(rule, action); }, rule.action);
      if (outcome) return decided(checked(*std::move(outcome)));
      if (outcome.error().empty()) continue;
      passed_over_ +=
          "; rule " + quoted(rule.name) + " could not be carried out: " + outcome.error();
    }
    return decided(checked({Pass{}, "", "no rule stops it"}));
  }

 private:
  Carried carry_out(const Rule& rule, const PassAction&) {
    return Outcome{Pass{}, rule.name, "rule " + quoted(rule.name) + " lets it pass"};
  }

  Carried carry_out(const Rule& rule, const RejectAction& action) {
    Reject reject{action.style, action.code};
    const auto refusal = first_refusal(policy_.checks, input_of(view_));
    if (refusal) reject.code = refusal->finding.code;
    std::string text = "rule " + quoted(rule.name) + " refuses it (" + std::to_string(reject.code) +
                       ")" + (refusal ? ": " + refusal->finding.text : "");
    if (reject.code == kOutsideWindow && view_.window_taken_as == WindowState::Closed) {
      advice_ = "send an approved template (ContentSid), or wait until the user writes";
    }
    return Outcome{reject, rule.name, std::move(text)};
  }

  Carried carry_out(const Rule& rule, const RerouteAction& action) {
    auto rerouted = TWINDOW_TRY(reroute(policy_, rule, action, view_));
    return Outcome{Reroute{std::move(rerouted.use)}, rule.name,
                   "rule " + quoted(rule.name) + " sends it as " + rerouted.text};
  }

  Carried carry_out(const Rule& rule, const HoldAction& action) {
    if (view_.window.state == WindowState::None) {
      return Unexpected<std::string>("only WhatsApp sends can be held");
    }
    if (view_.facts.held >= limits::kHeldPerPairMax) {
      return Unexpected("the pair has " + std::to_string(view_.facts.held) +
                        " messages held already");
    }
    std::string text = "rule " + quoted(rule.name) + " holds it until the user writes, at most " +
                       twindow::to_text(action.ttl);
    Hold hold{action.ttl, std::nullopt};
    if (action.nudge) add_nudge(rule, *action.nudge, hold, text);
    return Outcome{std::move(hold), rule.name, std::move(text)};
  }

  // What it observes is what the rules behind it say.
  Carried carry_out(const Rule& rule, const ObserveAction&) {
    if (observer_ == nullptr) observer_ = &rule;
    return Unexpected<std::string>("");
  }

  // A nudge that cannot go out is no reason not to hold.
  void add_nudge(const Rule& rule, const Nudge& nudge, Hold& hold, std::string& text) const {
    const Facts& facts = view_.facts;
    if (facts.last_nudge && facts.now < *facts.last_nudge + nudge.every) {
      text += "; no nudge, the last one went out less than " + twindow::to_text(nudge.every) +
              " before";
      return;
    }
    auto prepared = prepare(policy_.checks, nudge.recipe, rule.match.captures(view_), view_);
    if (!prepared) {
      text += "; no nudge: " + prepared.error();
      return;
    }
    text += "; the nudge is " + prepared->text;
    hold.nudge = std::move(prepared->use);
  }

  // The checks of what leaves, or will leave.
  Outcome checked(Outcome outcome) const {
    if (std::holds_alternative<Reject>(outcome.verdict)) return outcome;
    CheckInput input = input_of(view_);
    Checks on = policy_.checks;
    if (std::holds_alternative<Hold>(outcome.verdict)) input.window_open = true;
    if (std::holds_alternative<Reroute>(outcome.verdict)) {
      // The content is no longer the app's, and was checked as it was chosen.
      on = {.sender = on.sender,
            .content_sid = false,
            .content_variables = false,
            .opted_out = on.opted_out,
            .template_status = false,
            .variable_values = false,
            .missing_variables = false,
            .body_length = false};
    }
    const auto refusal = first_refusal(on, input);
    if (!refusal) return outcome;
    return {Reject{RejectStyle::Sync, refusal->finding.code},
            "checks." + std::string(refusal->check),
            "check " + quoted(refusal->check) + " refuses it (" +
                std::to_string(refusal->finding.code) + "): " + refusal->finding.text};
  }

  Decision decided(Outcome outcome) const {
    Decision decision{.kind = view_.kind, .judged_at = view_.judged_at, .window = view_.window};
    if (view_.window.last_inbound) {
      decision.window_age = view_.judged_at - *view_.window.last_inbound;
    }
    std::string facts = "; ";
    facts.append(to_text(view_.kind)).append(", ").append(window_text(view_, policy_.window));
    facts += passed_over_;
    if (!advice_.empty()) facts.append("; ").append(advice_);
    if (observer_ == nullptr) {
      std::visit([&](auto& verdict) { decision.verdict = std::move(verdict); }, outcome.verdict);
      decision.rule = std::move(outcome.rule);
      decision.reason = std::move(outcome.text.append(facts));
      return decision;
    }
    decision.verdict = Observe{std::move(outcome.verdict), std::move(outcome.rule)};
    decision.rule = observer_->name;
    decision.reason = "rule " + quoted(observer_->name) +
                      " observes only, it passes; without that: " + outcome.text + facts;
    return decision;
  }

  const Policy& policy_;
  const SendView view_;
  const Rule* observer_ = nullptr;
  std::string passed_over_ = {};
  std::string advice_ = {};
};

}  // namespace

Decision decide(const Policy& policy, const SendCall& call, const Facts& facts) {
  return Judge(policy, call, facts).decide();
}

bool depends_on_window(const Policy& policy, const SendCall& call, const Facts& facts) {
  if (call.request.to.channel != Channel::WhatsApp) return false;
  Facts open = facts;
  const Time latest = call.send_at.value_or(facts.now) + policy.window.margin;
  open.windows = {
      {Window{.key = {}, .last_inbound = std::max(latest, facts.now), .user_spelling = {}}, true}};
  Facts closed = facts;
  closed.windows = {{std::nullopt, true}};
  const Decision when_open = decide(policy, call, open);
  const Decision when_closed = decide(policy, call, closed);
  return when_open.verdict != when_closed.verdict || when_open.rule != when_closed.rule;
}

}  // namespace twindow::policy
