// SPDX-License-Identifier: Apache-2.0
// `twindow serve`, which is also plain `twindow`: reads the configuration and runs.
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/serve_flags.h"
#include "src/app/config_load.h"

namespace twindow::app {

namespace {

int run_serve(const ServeFlags& flags, Surroundings& around) {
  const Terminal& terminal = around.terminal;
  const ConfigSources sources = sources_of(flags, around.environment);
  const auto loaded = load_config(sources);
  if (!loaded) {
    for (const Mistake& mistake : loaded.error()) terminal.complain(to_text(mistake));
    return kExitUsage;
  }
  for (const std::string& note : loaded->notes) terminal.complain(note);
  for (const Mistake& mistake : loaded->refused) terminal.complain(to_text(mistake));
  return loaded->refused.empty() ? around.serve(loaded->config, sources) : kExitUsage;
}

}  // namespace

void add_serve(CommandTree& tree) {
  CLI::App& serve = tree.command(
      tree.root(), "serve",
      {"twindow\n"
       "twindow serve --deliver-to https://app.example.com=http://127.0.0.1:3000",
       "Run the server: without options it is Twilio, in memory, for nobody but this machine.\n"
       "Each option is also a key of the file (\"twindow schema config\") and a variable: "
       "--max-messages\n"
       "is max_messages and TWINDOW_MAX_MESSAGES. Flag > variable > file > default."});
  auto flags = std::make_shared<ServeFlags>();
  add_serve_flags(serve, *flags);
  tree.on(serve, [flags](Surroundings& around) { return run_serve(*flags, around); });
}

}  // namespace twindow::app
