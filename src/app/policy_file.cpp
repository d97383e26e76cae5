// SPDX-License-Identifier: Apache-2.0
#include "src/app/policy_file.h"

#include "src/app/config_node.h"
#include "src/app/config_values.h"
#include "src/app/policy_node.h"
#include "src/app/policy_rule.h"
#include "src/app/read_text.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;
using policy::LookupFailed;
using policy::UnknownWindow;

constexpr DurationRange kMargin{0s, 23h, "60s"};
constexpr DurationRange kWarnBefore{0s, 24h, "1h"};
constexpr DurationRange kRefresh{1s, 24h * 7, "10m"};
constexpr const char* kVersion = "1, the version of this format";

void read_window(const ConfigNode& node, policy::WindowOptions& window) {
  const auto read_unknown = [&](const ConfigNode& value) {
    read_choice<UnknownWindow>(value,
                               {{"lookup", UnknownWindow::Lookup},
                                {"closed", UnknownWindow::Closed},
                                {"open", UnknownWindow::Open}},
                               window.unknown);
  };
  const auto read_failed = [&](const ConfigNode& value) {
    read_choice<LookupFailed>(value,
                              {{"open", LookupFailed::Open}, {"closed", LookupFailed::Closed}},
                              window.lookup_failed);
  };
  read_members(
      node, "an object with margin, unknown, lookup_failed, warn_before and reaction_opens",
      {{"margin", [&](const ConfigNode& v) { read_duration(v, kMargin, window.margin); }},
       {"unknown", read_unknown},
       {"lookup_failed", read_failed},
       {"warn_before",
        [&](const ConfigNode& v) { read_duration(v, kWarnBefore, window.warn_before); }},
       {"reaction_opens", [&](const ConfigNode& v) { read_switch(v, window.reaction_opens); }}});
}

void read_templates(const ConfigNode& node, policy::TemplateOptions& templates) {
  read_members(
      node, "an object with auto_match and refresh",
      {{"auto_match", [&](const ConfigNode& v) { read_switch(v, templates.auto_match); }},
       {"refresh", [&](const ConfigNode& v) { read_duration(v, kRefresh, templates.refresh); }}});
}

void read_checks(const ConfigNode& node, policy::Checks& checks) {
  std::vector<Member> members;
  for (const policy::CheckName& check : policy::kCheckNames) {
    members.push_back({std::string(check.name), [&checks, on = check.on](const ConfigNode& value) {
                         read_choice<bool>(value, {{"reject", true}, {"pass", false}}, checks.*on);
                       }});
  }
  read_members(node, "an object of checks, as {\"missing_variables\": \"pass\"}", members);
}

void read_policy(const ConfigNode& root, policy::Policy& policy) {
  const auto read_version = [](const ConfigNode& node) {
    if (node.json() != Json(1)) node.expected(kVersion);
  };
  const auto read_rules = [&](const ConfigNode& node) {
    policy.rules.clear();
    read_items(node, "rules", [&](const ConfigNode& item) { read_rule(item, policy.rules); });
  };
  read_members(
      root, "a policy: an object with version, window, templates, checks and rules",
      {{"$schema", [](const ConfigNode&) {}},  // by which editors find it
       {"version", read_version, kVersion},
       {"window", [&](const ConfigNode& node) { read_window(node, policy.window); }},
       {"templates", [&](const ConfigNode& node) { read_templates(node, policy.templates); }},
       {"checks", [&](const ConfigNode& node) { read_checks(node, policy.checks); }},
       {"rules", read_rules}});
}

}  // namespace

Expected<policy::Policy, std::vector<Mistake>> parse_policy(std::string_view text,
                                                            const std::string& name,
                                                            const PolicyDefaults& defaults) {
  std::vector<Mistake> mistakes;
  const Environment no_variables;
  ConfigFile file{name, {}, {}, no_variables, mistakes};
  policy::Policy policy = default_policy(defaults);
  if (read_document(file, text)) read_policy(ConfigNode(file), policy);
  if (!mistakes.empty()) return Unexpected(std::move(mistakes));
  return policy;
}

Expected<policy::Policy, std::vector<Mistake>> load_policy(const std::filesystem::path& path,
                                                           const PolicyDefaults& defaults) {
  const auto text = read_text(path);
  if (text) return parse_policy(*text, path.string(), defaults);
  return Unexpected(std::vector{Mistake{path.string(), "",
                                        "found a file that cannot be read (" + text.error() +
                                            "), expected the policy, a JSON file"}});
}

policy::Policy default_policy(const PolicyDefaults& defaults) {
  policy::Policy policy{.rules = policy::built_in_rules()};
  policy.window.margin = defaults.margin;
  return policy;
}

}  // namespace twindow::app
