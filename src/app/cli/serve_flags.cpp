// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/serve_flags.h"

#include "src/app/config_settings.h"

namespace twindow::app {

namespace {

std::string help_of(const Setting& setting) {
  std::string text(setting.help);
  if (!setting.fallback.empty() && setting.shape != Shape::Boolean) {
    text += " [" + std::string(setting.fallback) + "]";
  }
  return text;
}

}  // namespace

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

void add_serve_flags(CLI::App& command, ServeFlags& flags) {
  command.add_option("--config", flags.file, "Configuration: JSON, comments allowed")
      ->type_name("FILE");
  for (const Setting& setting : settings()) {
    if (setting.flag.empty()) continue;
    const std::string flag(setting.flag);
    if (setting.shape == Shape::Boolean) {
      command.add_flag(flag, flags.switches[flag], help_of(setting));
      continue;
    }
    CLI::Option* option = command.add_option(flag, flags.texts[flag], help_of(setting));
    option->type_name(std::string(setting.value_name));
    if (setting.later) option->group("Not in this version yet");
    const bool many = setting.shape == Shape::TextList || setting.shape == Shape::TextMap;
    if (many) {
      option->expected(1, -1)->take_all();
    } else {
      option->expected(1);
    }
  }
}

}  // namespace twindow::app
