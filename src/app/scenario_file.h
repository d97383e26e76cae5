// SPDX-License-Identifier: Apache-2.0
// The scenario file (contract section 8): JSON with comments, read into values for who plays it and
// for the server that it is played against. `twindow schema scenario` describes it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/expected.h"
#include "twindow/gateway/world_setup.h"
#include "twindow/scenario/scenario.h"

#include "src/app/environment.h"
#include "src/app/mistake.h"

namespace twindow::app {

// What a file's meaning depends on beside its text.
struct ScenarioSurroundings {
  const Environment& environment;          // of ${env:NAME}
  std::optional<std::uint64_t> seed = {};  // in the place of the file's (--seed)
};

struct LoadedScenario {
  scenario::Scenario scenario;
  gateway::WorldSetup setup;                 // the server's part of it
  std::optional<AuthToken> auth_token = {};  // of the account, if it is given
  // Of the targets: what is signed for the left is posted to the right.
  std::map<std::string, std::string> deliver_to = {};
};

// `name` is the file's, for the mistakes: "seed.json:3:13". `folder` is where `extends` starts;
// empty: nothing can be extended. Complete or not at all.
Expected<LoadedScenario, std::vector<Mistake>> parse_scenario(std::string_view text,
                                                              const std::string& name,
                                                              const std::filesystem::path& folder,
                                                              const ScenarioSurroundings& around);

// The same, of a file. A file that cannot be read is a mistake with its name as the place.
Expected<LoadedScenario, std::vector<Mistake>> read_scenario(const std::filesystem::path& path,
                                                             const ScenarioSurroundings& around);

// For who plays it.
Expected<scenario::Scenario, std::vector<Mistake>> load_scenario(
    const std::filesystem::path& path, const ScenarioSurroundings& around);

}  // namespace twindow::app
