// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/policy.h"

#include "twindow/base/check.h"
#include "twindow/model/content_template.h"

namespace twindow::policy {

namespace {

constexpr std::string_view kOpen = "${";

Rule built_in(std::string name, RuleAction action) {
  auto match = SendMatcher::make(
      {{"kind", MatchOp::Equals, {"freeform"}}, {"window", MatchOp::Equals, {"closed"}}});
  TWINDOW_CHECK(match.has_value());
  return {std::move(name), *std::move(match), std::move(action)};
}

// Tells `literal` of each stretch of text and `name` of each reference; false if one is broken.
template <class Literal, class Name>
bool walk(std::string_view text, Literal literal, Name name) {
  while (true) {
    const auto open = text.find(kOpen);
    literal(text.substr(0, open));
    if (open == std::string_view::npos) return true;
    text.remove_prefix(open + kOpen.size());
    const auto close = text.find('}');
    if (close == std::string_view::npos || close == 0) return false;
    name(text.substr(0, close));
    text.remove_prefix(close + 1);
  }
}

}  // namespace

std::vector<Rule> built_in_rules() {
  return {built_in("say it with an approved template", RerouteAction{}),
          built_in("all else", RejectAction{})};
}

std::optional<std::vector<std::string>> references(std::string_view text) {
  std::vector<std::string> names;
  const bool whole = walk(
      text, [](std::string_view) {}, [&](std::string_view name) { names.emplace_back(name); });
  return whole ? std::optional(std::move(names)) : std::nullopt;
}

std::string expand(std::string_view text, const std::vector<Param>& values) {
  std::string expanded;
  walk(
      text, [&](std::string_view literal) { expanded += literal; },
      [&](std::string_view name) {
        if (const std::string* value = find_value(values, name)) expanded += *value;
      });
  return expanded;
}

}  // namespace twindow::policy
