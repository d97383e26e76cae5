// SPDX-License-Identifier: Apache-2.0
#include "src/app/policy_rule.h"

#include <algorithm>
#include <array>
#include <optional>

#include "twindow/base/ascii.h"
#include "twindow/policy/legal_value.h"

#include "src/app/config_values.h"
#include "src/app/policy_match.h"
#include "src/app/policy_node.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;
using policy::RejectAction;
using policy::Rule;
using policy::TemplateRecipe;

constexpr std::size_t kNameMax = 100;
constexpr std::uint64_t kCodeMin = 10'000;
constexpr std::uint64_t kCodeMax = 99'999;
constexpr const char* kName = "a name of 1 to 100 characters that no other rule has";
constexpr const char* kTemplate = "\"auto\", or an object with ContentSid and ContentVariables";
constexpr DurationRange kTtl{1s, 24h * 30, "24h"};
constexpr DurationRange kEvery{0s, 24h * 366, "24h"};

const std::vector<std::string> kActions{"pass", "reject", "reroute", "hold", "observe"};

// One row a member that belongs to one action only.
struct Belonging {
  std::string_view member;
  std::string_view action;
};
constexpr std::array kBelongings{Belonging{"style", "reject"}, Belonging{"code", "reject"},
                                 Belonging{"template", "reroute"}, Belonging{"ttl", "hold"},
                                 Belonging{"nudge", "hold"}};

void read_name(const ConfigNode& node, const std::vector<Rule>& rules, Rule& rule) {
  const std::string name = node.json().is_string() ? node.json().get<std::string>() : "";
  const bool fits =
      !name.empty() && name.size() <= kNameMax && std::ranges::none_of(name, is_control);
  const bool taken = std::ranges::find(rules, name, &Rule::name) != rules.end();
  if (!fits || taken) return node.expected(kName);
  rule.name = name;
}

// The groups of the rule's patterns; none if the patterns are wrong themselves.
using Groups = std::optional<std::vector<std::string>>;

// A value of a template's variable, with references to the groups.
void read_variable(const ConfigNode& node, const Groups& groups, const std::string& name,
                   std::vector<Param>& variables) {
  const auto text = scalar_of(node);
  if (!text) return node.expected("a text");
  const auto names = policy::references(*text);
  if (!names) return node.expected("a name and \"}\" behind each \"${\"");
  for (const std::string& reference : *names) {
    if (!groups || std::ranges::find(*groups, reference) != groups->end()) continue;
    return node.mistake("found \"${" + reference + "}\", expected " +
                        (groups->empty()
                             ? "a pattern in match that names it, as \"(?P<" + reference + ">.*)\""
                             : "a group of the patterns in match: " + list_text(*groups)) +
                        did_you_mean(reference, *groups));
  }
  if (names->empty() && !policy::legal_value(*text)) {
    return node.expected("a text of 1 to 1600 characters that is not blank");
  }
  variables.push_back({name, *text});
}

Member variables_of(const Groups& groups, TemplateRecipe& recipe) {
  return {"ContentVariables", [&](const ConfigNode& node) {
            if (!node.json().is_object()) {
              return node.expected("an object of texts, as {\"1\": \"${id}\"}");
            }
            for (const auto& [name, value] : node.json().items()) {
              read_variable(node.member(name), groups, name, recipe.variables);
            }
          }};
}

Member sid_of(TemplateRecipe& recipe) {
  return {"ContentSid", [&](const ConfigNode& node) { read_content_sid(node, recipe.content); },
          kContentSidText};
}

void read_template(const ConfigNode& node, const Groups& groups, policy::RerouteAction& action) {
  if (node.json().is_string()) {
    if (node.json().get<std::string>() != "auto") node.expected(kTemplate);
    return;
  }
  TemplateRecipe recipe;
  read_members(node, kTemplate, {sid_of(recipe), variables_of(groups, recipe)});
  action.recipe = std::move(recipe);
}

void read_nudge(const ConfigNode& node, const Groups& groups, policy::HoldAction& action) {
  policy::Nudge nudge;
  read_members(
      node, "an object with ContentSid, ContentVariables and every",
      {sid_of(nudge.recipe),
       variables_of(groups, nudge.recipe),
       {"every", [&](const ConfigNode& value) { read_duration(value, kEvery, nudge.every); }}});
  action.nudge = std::move(nudge);
}

void read_code(const ConfigNode& node, RejectAction& action) {
  const bool number = node.json().is_number_unsigned();
  const std::uint64_t code = number ? node.json().get<std::uint64_t>() : 0;
  if (code < kCodeMin || code > kCodeMax)
    return node.expected("an error code of Twilio's, such as 63016");
  action.code = static_cast<int>(code);
}

policy::RejectAction read_reject(const ConfigNode& rule) {
  RejectAction action;
  if (rule.json().contains("style")) {
    read_choice<RejectStyle>(rule.member("style"),
                             {{"sync", RejectStyle::Sync}, {"async", RejectStyle::Async}},
                             action.style);
  }
  if (rule.json().contains("code")) read_code(rule.member("code"), action);
  return action;
}

policy::RerouteAction read_reroute(const ConfigNode& rule, const Groups& groups) {
  policy::RerouteAction action;
  if (rule.json().contains("template")) {
    read_template(rule.member("template"), groups, action);
  } else {
    rule.missing("template", kTemplate);
  }
  return action;
}

policy::HoldAction read_hold(const ConfigNode& rule, const Groups& groups) {
  policy::HoldAction action;
  if (rule.json().contains("ttl")) read_duration(rule.member("ttl"), kTtl, action.ttl);
  if (rule.json().contains("nudge")) read_nudge(rule.member("nudge"), groups, action);
  return action;
}

policy::RuleAction read_action(const ConfigNode& rule, const std::string& action,
                               const Groups& groups) {
  for (const auto& [member, belongs_to] : kBelongings) {
    if (action == belongs_to || !rule.json().contains(std::string(member))) continue;
    rule.member(std::string(member))
        .mistake("found it beside the action \"" + action + "\", expected it with \"" +
                 std::string(belongs_to) + "\" only");
  }
  if (action == "reject") return read_reject(rule);
  if (action == "reroute") return read_reroute(rule, groups);
  if (action == "hold") return read_hold(rule, groups);
  if (action == "observe") return policy::ObserveAction{};
  return policy::PassAction{};
}

}  // namespace

void read_rule(const ConfigNode& node, std::vector<Rule>& rules) {
  Rule rule;
  Groups groups = std::vector<std::string>();
  std::string action;
  const auto read_conditions = [&](const ConfigNode& value) {
    const std::size_t mistakes = value.file().mistakes.size();
    rule.match = read_match(value);
    groups = rule.match.groups();
    if (value.file().mistakes.size() != mistakes) groups.reset();
  };
  std::vector<Member> members{
      {"name", [&](const ConfigNode& value) { read_name(value, rules, rule); }, kName},
      {"match", read_conditions},
      {"action", [&](const ConfigNode& value) { read_word(value, kActions, action); },
       list_text(kActions)}};
  // Read below, when the action and the groups of the patterns are known.
  for (const auto& [member, belongs_to] : kBelongings) {
    members.push_back({std::string(member), [](const ConfigNode&) {}});
  }
  read_members(node, "a rule: an object with name, match and action", members);
  if (!action.empty()) rule.action = read_action(node, action, groups);
  rules.push_back(std::move(rule));
}

}  // namespace twindow::app
