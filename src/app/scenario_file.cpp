// SPDX-License-Identifier: Apache-2.0
#include "src/app/scenario_file.h"

#include <algorithm>
#include <limits>

#include "twindow/wire/time_text.h"

#include "src/app/config_values.h"
#include "src/app/read_text.h"
#include "src/app/scenario_document.h"
#include "src/app/scenario_given.h"
#include "src/app/scenario_rule.h"
#include "src/app/scenario_step.h"

namespace twindow::app {

namespace {

constexpr const char* kVersion = "1, the version of this format";
constexpr const char* kName = "a sentence that says what is shown";
constexpr std::string_view kUnnamedToken = "0123456789abcdef0123456789abcdef";

void read_clock(const ConfigNode& node, LoadedScenario& loaded) {
  using scenario::ClockMode;
  const auto read_mode = [&](const ConfigNode& value) {
    read_choice<ClockMode>(
        value,
        {{"real", ClockMode::Real}, {"manual", ClockMode::Manual}, {"auto", ClockMode::Auto}},
        loaded.scenario.clock);
    loaded.setup.clock = gateway::parse_clock_mode(text_at(node.json(), "mode"));
  };
  const auto read_start = [&](const ConfigNode& value) {
    const std::string text = value.json().is_string() ? value.json().get<std::string>() : "";
    const auto start = wire::parse_time(text);
    if (!start) return value.expected("a time, as \"2026-01-05T09:00:00Z\"");
    loaded.scenario.start = start;
    loaded.setup.start = start;
  };
  read_members(node, "an object with mode and start", {{"mode", read_mode}, {"start", read_start}});
}

void read_tags(const ConfigNode& node, std::vector<std::string>& tags) {
  read_items(node, "words", [&](const ConfigNode& item) {
    const std::string tag = read_text_value(item, "a word, as \"63016\"");
    if (!tag.empty()) tags.push_back(tag);
  });
}

// What others refer to is read before them, wherever it stands.
void read_first(const ConfigNode& root, const char* name,
                const std::function<void(const ConfigNode&)>& read) {
  if (root.json().is_object() && root.json().contains(name)) read(root.member(name));
}

void read_root(const ConfigNode& root, LoadedScenario& loaded) {
  scenario::Scenario& scenario = loaded.scenario;
  read_first(root, "clock", [&](const ConfigNode& node) { read_clock(node, loaded); });
  read_first(root, "targets",
             [&](const ConfigNode& node) { read_targets(node, scenario.targets); });
  const auto nothing = [](const ConfigNode&) {};
  const auto read_version = [](const ConfigNode& node) {
    if (node.json() != Json(1)) node.expected(kVersion);
  };
  const auto read_seed = [&](const ConfigNode& node) {
    scenario.seed =
        read_number(node, 0, std::numeric_limits<std::uint64_t>::max(), "a whole number from 0");
  };
  const auto read_rules = [&](const ConfigNode& node) {
    read_items(node, "rules",
               [&](const ConfigNode& item) { read_on_rule(item, loaded.setup.rules); });
  };
  const StepSurroundings around{scenario.targets};
  const auto read_steps = [&](const ConfigNode& node) {
    read_items(node, "steps",
               [&](const ConfigNode& item) { read_step(item, around, scenario.steps); });
  };
  read_members(
      root, "a scenario: an object with version, name, given, on and steps",
      {{"$schema", nothing},
       {"extends", nothing},  // was followed when the document was read
       {"version", read_version, kVersion},
       {"name", [&](const ConfigNode& node) { scenario.name = read_text_value(node, kName); },
        kName},
       {"tags", [&](const ConfigNode& node) { read_tags(node, scenario.tags); }},
       {"seed", read_seed},
       {"clock", nothing},
       {"vars", nothing},  // were put in their places
       {"targets", nothing},
       {"given", [&](const ConfigNode& node) { read_given(node, scenario, loaded.setup); }},
       {"on", read_rules},
       {"steps", read_steps}});
}

}  // namespace

Expected<LoadedScenario, std::vector<Mistake>> parse_scenario(std::string_view text,
                                                              const std::string& name,
                                                              const std::filesystem::path& folder,
                                                              const ScenarioSurroundings& around) {
  std::vector<Mistake> mistakes;
  ConfigFile file{name, folder, {}, around.environment, mistakes};
  LoadedScenario loaded;
  loaded.scenario.file = name;
  if (read_scenario_document(file, text)) {
    replace_variables(file);
    read_root(ConfigNode(file), loaded);
  }
  if (!mistakes.empty()) return Unexpected(std::move(mistakes));
  scenario::Scenario& scenario = loaded.scenario;
  if (around.seed) scenario.seed = around.seed;
  if (around.seed) file.document.root["seed"] = *around.seed;
  if (!scenario.auth_token.empty()) loaded.auth_token = AuthToken{scenario.auth_token};
  if (scenario.auth_token.empty()) scenario.auth_token = kUnnamedToken;
  scenario.resolved = resolved_text(file.document);
  loaded.setup.seed = scenario.seed;
  for (const scenario::Target& target : scenario.targets) {
    if (target.sign_as != target.deliver_to) loaded.deliver_to[target.sign_as] = target.deliver_to;
  }
  return loaded;
}

Expected<LoadedScenario, std::vector<Mistake>> read_scenario(const std::filesystem::path& path,
                                                             const ScenarioSurroundings& around) {
  const auto text = read_text(path);
  if (!text) {
    return Unexpected(std::vector{Mistake{path.string(), "",
                                          "found a file that cannot be read (" + text.error() +
                                              "), expected a scenario, a JSON file"}});
  }
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  return parse_scenario(*text, path.string(), folder, around);
}

Expected<scenario::Scenario, std::vector<Mistake>> load_scenario(
    const std::filesystem::path& path, const ScenarioSurroundings& around) {
  auto loaded = read_scenario(path, around);
  if (!loaded) return Unexpected(std::move(loaded).error());
  return std::move(loaded->scenario);
}

}  // namespace twindow::app
