// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/fault_rules.h"

#include <algorithm>
#include <array>

#include <re2/re2.h>

#include "src/policy/condition.h"

namespace twindow::policy {

namespace {

// What is known of a message and not of a call that may make one.
constexpr std::array<std::string_view, 6> kOfMessagesOnly{
    "MessageSid", "MessageStatus", "ErrorCode", "Direction", "kind", "window"};

bool is_address(std::string_view field) { return field == "To" || field == "From"; }

// "/a/*/b**" as a regular expression.
std::string expression_of(std::string_view pattern) {
  std::string made;
  while (!pattern.empty()) {
    const auto special = std::min(pattern.find_first_of("*{"), pattern.size());
    made += RE2::QuoteMeta(pattern.substr(0, special));
    pattern.remove_prefix(special);
    if (pattern.empty()) break;
    const bool any = pattern.starts_with("**");
    const bool named = pattern.front() == '{';
    const auto end = named ? std::min(pattern.find('}'), pattern.size() - 1) : std::size_t(any);
    made += any ? ".*" : "[^/]*";
    pattern.remove_prefix(end + 1);
  }
  return made;
}

std::optional<std::string_view> value_of(const FaultCall& call, std::string_view field) {
  const std::string_view name = field == "channel" ? "To" : field;
  const auto found = std::ranges::find_if(
      call.params, [&](const Param& param) { return param.name == name && !param.value.empty(); });
  if (found == call.params.end()) return std::nullopt;
  if (field != "channel") return found->value;
  const auto to = parse_to(found->value);
  return to ? std::optional(to_text(to->channel)) : std::nullopt;
}

}  // namespace

struct FaultRules::Compiled {
  std::unique_ptr<RE2> path = {};
  std::vector<CompiledCondition> conditions = {};  // of a call
  Matcher message = {};

  bool matches(const FaultMatch& match, const FaultCall& call) const {
    if (!match.product.empty() && match.product != call.product) return false;
    if (!match.method.empty() && match.method != call.method) return false;
    if (path && !RE2::FullMatch(re2::StringPiece(call.path.data(), call.path.size()), *path)) {
      return false;
    }
    return std::ranges::all_of(conditions, [&](const CompiledCondition& condition) {
      return condition.holds(value_of(call, condition.field()));
    });
  }
};

Expected<std::shared_ptr<const FaultRules::Compiled>, FaultMistake> FaultRules::compile(
    const FaultRule& rule) {
  const auto mistake = [](std::string pointer, std::string detail) {
    return Unexpected(FaultMistake{.pointer = std::move(pointer), .detail = std::move(detail)});
  };
  const FaultMatch& match = rule.match;
  if (rule.respond.has_value() == rule.callbacks.has_value()) {
    return mistake("", "expected one of respond (to API calls) and callbacks (webhooks)");
  }
  auto made = std::make_shared<Compiled>();
  if (rule.callbacks) {
    const bool of_call = !match.product.empty() || !match.method.empty() || !match.path.empty();
    if (of_call) return mistake("/match", "product, method and path are of rules with respond");
    auto matcher = Matcher::make(match.conditions);
    if (!matcher) return mistake("/match", matcher.error().detail);
    made->message = *std::move(matcher);
    return std::shared_ptr<const Compiled>(std::move(made));
  }
  if (!match.webhook.empty()) return mistake("/match/webhook", "is of rules with callbacks");
  if (!match.path.empty()) {
    if (!match.path.starts_with('/')) return mistake("/match/path", "must begin with a slash");
    made->path = std::make_unique<RE2>(expression_of(match.path), RE2::Quiet);
    if (!made->path->ok()) return mistake("/match/path", made->path->error());
  }
  for (const Condition& condition : match.conditions) {
    const std::string& field = condition.field;
    if (std::ranges::find(kOfMessagesOnly, field) != kOfMessagesOnly.end()) {
      return mistake("/match/" + field,
                     "is not known of a call, only of the messages of rules with callbacks");
    }
    auto compiled = CompiledCondition::make(condition, is_address(field));
    if (!compiled) return mistake("/match/" + field, compiled.error().detail);
    made->conditions.push_back(*std::move(compiled));
  }
  return std::shared_ptr<const Compiled>(std::move(made));
}

std::optional<FaultMistake> FaultRules::mistake_in(const std::vector<FaultRule>& rules) {
  for (std::size_t place = 0; place < rules.size(); ++place) {
    auto compiled = compile(rules[place]);
    if (compiled) continue;
    FaultMistake mistake = std::move(compiled).error();
    mistake.rule = place;
    return mistake;
  }
  return std::nullopt;
}

std::optional<FaultMistake> FaultRules::replace(std::vector<FaultRule> rules) {
  if (auto mistake = mistake_in(rules)) return mistake;
  std::vector<Entry> entries;
  entries.reserve(rules.size());
  for (FaultRule& rule : rules) {
    auto compiled = compile(rule);
    // A stream of its own each: what one rule draws does not move another's.
    const Random random = random_.fork(rule.id);
    entries.push_back({.rule = std::move(rule), .match = *std::move(compiled), .random = random});
  }
  rules_ = std::move(entries);
  return std::nullopt;
}

std::vector<FaultRules::Counted> FaultRules::list() const {
  std::vector<Counted> all;
  for (const Entry& entry : rules_) all.push_back({entry.rule, entry.matched, entry.fired});
  return all;
}

bool FaultRules::fires(Entry& entry) {
  const FaultRule& rule = entry.rule;
  ++entry.matched;
  // Drawn for each that matches, so that `times` moves nothing.
  const bool lucky = rule.probability >= FaultRule::kAlways ||
                     entry.random.below(FaultRule::kAlways) < rule.probability;
  const bool due = rule.nth == 0 || entry.matched == rule.nth;
  const bool left = rule.times == 0 || entry.fired < rule.times;
  if (!lucky || !due || !left) return false;
  ++entry.fired;
  return true;
}

std::optional<FaultRules::Hit<FaultResponse>> FaultRules::of_call(const FaultCall& call) {
  for (Entry& entry : rules_) {
    if (!entry.rule.respond || !entry.match->matches(entry.rule.match, call)) continue;
    if (fires(entry)) return Hit<FaultResponse>{entry.rule.id, *entry.rule.respond};
  }
  return std::nullopt;
}

std::optional<FaultRules::Hit<FaultCallbacks>> FaultRules::of_message(const Message& message,
                                                                      bool before_answer,
                                                                      std::string_view webhook) {
  for (Entry& entry : rules_) {
    const FaultRule& rule = entry.rule;
    if (!rule.callbacks || rule.callbacks->before_answer != before_answer) continue;
    if (!rule.match.webhook.empty() && rule.match.webhook != webhook) continue;
    if (!entry.match->message.matches(message)) continue;
    if (fires(entry)) return Hit<FaultCallbacks>{rule.id, *rule.callbacks};
  }
  return std::nullopt;
}

std::optional<FaultRules::Hit<FaultCallbacks>> FaultRules::of_webhook(const Message& message,
                                                                      bool inbound) {
  return of_message(message, false, inbound ? "inbound" : "status");
}

std::optional<FaultRules::Hit<FaultCallbacks>> FaultRules::of_create(const Message& message) {
  return of_message(message, true, "status");
}

}  // namespace twindow::policy
