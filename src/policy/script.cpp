// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/script.h"

#include <algorithm>

#include "twindow/model/address.h"
#include "twindow/policy/send_view.h"

namespace twindow::policy {

void Script::replace(std::vector<ScriptRule> rules) {
  rules_.clear();
  states_.clear();
  for (ScriptRule& rule : rules) rules_.push_back({.rule = std::move(rule)});
  std::ranges::stable_sort(rules_, {}, [](const Entry& entry) { return entry.rule.priority; });
}

std::optional<Script::Hit> Script::of_send(const SendView& view) {
  const std::string user = canonical_user(view.call.request.to);
  // Each rule counts what matches it, whichever decides: "the second" is the second that matches.
  Entry* deciding = nullptr;
  std::string counted_for;
  for (Entry& entry : rules_) {
    const ScriptRule& rule = entry.rule;
    const std::string key = rule.per == ScriptRule::Per::Recipient ? user : std::string();
    const auto state = states_.find(key);
    const std::string& now = state == states_.end() ? kFirstScriptState : state->second;
    if (!rule.state.empty() && rule.state != now) continue;
    if (!rule.match.matches(view)) continue;
    Count& count = entry.counts[key];
    ++count.matched;
    const bool is_turn =
        rule.nth.empty() || std::ranges::find(rule.nth, count.matched) != rule.nth.end();
    const bool is_left = rule.times == 0 || count.fired < rule.times;
    if (deciding != nullptr || !is_turn || !is_left) continue;
    deciding = &entry;
    counted_for = key;
  }
  if (deciding == nullptr) return std::nullopt;
  const ScriptRule& rule = deciding->rule;
  const std::size_t fired = ++deciding->counts[counted_for].fired;
  if (!rule.next_state.empty()) states_[counted_for] = rule.next_state;
  Hit hit{.rule = rule.id, .respond = rule.respond};
  if (rule.callbacks) {
    hit.plan = std::make_shared<const ScriptPlan>(plan(rule, user, fired));
  }
  return hit;
}

// Draws from a stream of its own, so that one send does not move the times of another.
ScriptPlan Script::plan(const ScriptRule& rule, const std::string& user, std::size_t fired) const {
  Random random = random_.fork(rule.id).fork(user).fork(std::to_string(fired));
  ScriptPlan plan{.rule = rule.id};
  std::vector<Duration> times;
  Duration last = {};
  for (const ScriptedCallback& callback : *rule.callbacks) {
    const Duration base = callback.since_create ? Duration() : last;
    last = base + callback.time + random.up_to(callback.jitter);
    times.push_back(last);
    plan.news.push_back(callback.news);
  }
  if (rule.shuffle) {
    std::ranges::sort(times);
    for (std::size_t left = plan.news.size(); left > 1; --left) {
      std::swap(plan.news[left - 1], plan.news[random.below(left)]);
    }
  }
  for (std::size_t i = 0; i < times.size(); ++i) plan.news[i].at = times[i];
  std::ranges::stable_sort(plan.news, {}, &ScriptedNews::at);
  return plan;
}

std::vector<Script::Counted> Script::counts() const {
  std::vector<Counted> all;
  for (const Entry& entry : rules_) {
    Counted sum{.rule = entry.rule.id};
    for (const auto& [user, count] : entry.counts) {
      sum.matched += count.matched;
      sum.fired += count.fired;
    }
    all.push_back(std::move(sum));
  }
  return all;
}

}  // namespace twindow::policy
