// SPDX-License-Identifier: Apache-2.0
// The options of `serve`, for each command that takes the same.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "src/app/config_load.h"

namespace twindow::app {

// Outlives the command.
struct ServeFlags {
  std::string file;
  std::map<std::string, std::vector<std::string>> texts;  // of all flags, given or not
  std::map<std::string, bool> switches;
};

void add_serve_flags(CLI::App& command, ServeFlags& flags);
ConfigSources sources_of(const ServeFlags& flags, const Environment& environment);

}  // namespace twindow::app
