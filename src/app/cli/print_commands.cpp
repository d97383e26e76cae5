// SPDX-License-Identifier: Apache-2.0
// The commands that only print: `version`, `schema config`, `schema policy`, `schema
// scenario`.
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/config_schema.h"
#include "src/app/policy_schema.h"
#include "src/app/scenario_schema.h"
#include "src/app/version.h"

namespace twindow::app {

void add_version(CommandTree& tree) {
  CLI::App& command =
      tree.command(tree.root(), "version", {"twindow version", "Show the version."});
  tree.on(command, [](Surroundings& around) {
    around.terminal.out << "twindow " << kVersion << "\n";
    return kExitOk;
  });
}

void add_schema(CommandTree& tree) {
  CLI::App& family = tree.family("schema", {"twindow schema config > twindow.schema.json",
                                            "JSON Schemas of the files, for editors."});
  CLI::App& config = tree.command(
      family, "config",
      {"twindow schema config > twindow.schema.json",
       "The JSON Schema of the configuration file. Name it in the file as \"$schema\", and the\n"
       "editor completes and checks."});
  tree.on(config, [](Surroundings& around) {
    around.terminal.out << config_schema();
    return kExitOk;
  });
  CLI::App& policy = tree.command(
      family, "policy",
      {"twindow schema policy > twindow-policy.schema.json",
       "The JSON Schema of the policy file. Name it in the file as \"$schema\", and the editor\n"
       "completes and checks."});
  tree.on(policy, [](Surroundings& around) {
    around.terminal.out << policy_schema();
    return kExitOk;
  });
  CLI::App& scenario = tree.command(
      family, "scenario",
      {"twindow schema scenario > twindow-scenario.schema.json",
       "The JSON Schema of scenario files. Name it in the file as \"$schema\", and the editor\n"
       "completes and checks."});
  tree.on(scenario, [](Surroundings& around) {
    around.terminal.out << scenario_schema();
    return kExitOk;
  });
}

}  // namespace twindow::app
