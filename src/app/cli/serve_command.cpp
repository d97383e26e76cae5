// SPDX-License-Identifier: Apache-2.0
// `twindow serve`, which is also plain `twindow`: reads the configuration and runs.
#include <map>

#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/config_load.h"
#include "src/app/config_settings.h"

namespace twindow::app {

namespace {

struct ServeFlags {
  std::string file;
  std::map<std::string, std::vector<std::string>> texts;  // of all flags, given or not
  std::map<std::string, bool> switches;
};

std::string help_of(const Setting& setting) {
  std::string text(setting.help);
  if (!setting.fallback.empty() && setting.shape != Shape::Boolean) {
    text += " [" + std::string(setting.fallback) + "]";
  }
  return text;
}

ConfigSources sources_of(const ServeFlags& flags, const Environment& environment) {
  ConfigSources sources{.file = flags.file, .flags = {}, .environment = environment};
  for (const auto& [flag, texts] : flags.texts) {
    if (!texts.empty()) sources.flags[flag] = texts;
  }
  for (const auto& [flag, on] : flags.switches) {
    if (on) sources.flags[flag] = {"true"};
  }
  return sources;
}

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
  serve.add_option("--config", flags->file, "Configuration: JSON, comments allowed")
      ->type_name("FILE");
  for (const Setting& setting : settings()) {
    if (setting.flag.empty()) continue;
    const std::string flag(setting.flag);
    if (setting.shape == Shape::Boolean) {
      serve.add_flag(flag, flags->switches[flag], help_of(setting));
      continue;
    }
    CLI::Option* option = serve.add_option(flag, flags->texts[flag], help_of(setting));
    option->type_name(std::string(setting.value_name));
    if (setting.later) option->group("Not in this version yet");
    const bool many = setting.shape == Shape::TextList || setting.shape == Shape::TextMap;
    if (many) {
      option->expected(1, -1)->take_all();
    } else {
      option->expected(1);
    }
  }
  tree.on(serve, [flags](Surroundings& around) { return run_serve(*flags, around); });
}

}  // namespace twindow::app
