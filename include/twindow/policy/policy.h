// SPDX-License-Identifier: Apache-2.0
// A policy: the rules for sends, the checks, and what is held of windows and templates.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/base/limits.h"
#include "twindow/model/decision.h"
#include "twindow/policy/send_matcher.h"

namespace twindow::policy {

enum class UnknownWindow : std::uint8_t { Lookup, Closed, Open };
enum class LookupFailed : std::uint8_t { Open, Closed };

struct WindowOptions {
  Duration margin = std::chrono::seconds(60);
  UnknownWindow unknown = UnknownWindow::Lookup;
  LookupFailed lookup_failed = LookupFailed::Open;
  Duration warn_before = std::chrono::hours(1);
  bool reaction_opens = false;

  friend bool operator==(const WindowOptions&, const WindowOptions&) = default;
};

struct TemplateOptions {
  bool auto_match = true;
  Duration refresh = std::chrono::minutes(10);

  friend bool operator==(const TemplateOptions&, const TemplateOptions&) = default;
};

// Which checks refuse what they find.
struct Checks {
  bool sender = true;             // 63007
  bool content_sid = true;        // 21655
  bool content_variables = true;  // 21654, 21656
  bool opted_out = true;          // 21610
  bool template_status = true;    // 63016, 63040, 63041, 63042
  bool variable_values = true;    // 63013
  bool missing_variables = true;  // 63028
  bool body_length = true;        // 63021

  friend bool operator==(const Checks&, const Checks&) = default;
};

// Their names in the policy file, and in the rule of a decision behind "checks.".
struct CheckName {
  std::string_view name;
  bool Checks::*on;
};
inline constexpr std::array kCheckNames{
    CheckName{"sender", &Checks::sender},
    CheckName{"content_sid", &Checks::content_sid},
    CheckName{"content_variables", &Checks::content_variables},
    CheckName{"opted_out", &Checks::opted_out},
    CheckName{"template_status", &Checks::template_status},
    CheckName{"variable_values", &Checks::variable_values},
    CheckName{"missing_variables", &Checks::missing_variables},
    CheckName{"body_length", &Checks::body_length},
};

// A template whose values may name the groups of the rule's patterns: "${id}".
struct TemplateRecipe {
  ContentSid content;
  std::vector<Param> variables = {};

  friend bool operator==(const TemplateRecipe&, const TemplateRecipe&) = default;
};

// What a rule does.
struct PassAction {};
struct RejectAction {
  RejectStyle style = RejectStyle::Sync;
  int code = kOutsideWindow;
};
struct RerouteAction {
  std::optional<TemplateRecipe> recipe = {};  // none: the approved template that fits the body
};
struct Nudge {
  TemplateRecipe recipe;
  Duration every = std::chrono::hours(24);  // at most one a pair
};
struct HoldAction {
  Duration ttl = std::chrono::hours(24);
  std::optional<Nudge> nudge = {};
};
struct ObserveAction {};
using RuleAction = std::variant<PassAction, RejectAction, RerouteAction, HoldAction, ObserveAction>;

struct Rule {
  std::string name;
  SendMatcher match = {};
  RuleAction action = PassAction{};
};

// A value; cheap to copy.
struct Policy {
  WindowOptions window = {};
  TemplateOptions templates = {};
  Checks checks = {};
  std::vector<Rule> rules = {};  // the first that matches and can be carried out decides
};

// The rules of a policy file that names none: a freeform send into a closed window is said with the
// approved template that fits it, else refused.
std::vector<Rule> built_in_rules();

// The names in `text` as "${id}", in order. Empty if a "${" is not followed by a name and "}".
std::optional<std::vector<std::string>> references(std::string_view text);

// `text` with its references replaced; those that `values` lacks are left out.
std::string expand(std::string_view text, const std::vector<Param>& values);

}  // namespace twindow::policy
