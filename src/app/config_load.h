// SPDX-License-Identifier: Apache-2.0
// Makes a Config of what was said on the command line, in TWINDOW_… variables and in a JSON file:
// flag > variable > file > default.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "twindow/base/expected.h"

#include "src/app/config.h"
#include "src/app/environment.h"
#include "src/app/mistake.h"

namespace twindow::app {

struct ConfigSources {
  std::string file = {};  // of --config; empty: TWINDOW_CONFIG, else none
  // By flag ("--listen"): every value that was given, in order.
  std::map<std::string, std::vector<std::string>> flags = {};
  Environment environment = {};
};

struct LoadedConfig {
  Config config;
  // For the person who starts it, no reason to stop: a variable that is nearly one of ours.
  std::vector<std::string> notes = {};
  // What was asked for and does nothing in this version: it must stop the start, never be taken
  // silently.
  std::vector<Mistake> refused = {};
};

// The file that is read; empty if there is none.
std::string config_file(const ConfigSources& sources);

// Reads the file and the files of secrets. Every mistake of every source is in the error, also in
// values that a stronger source overrides: in the order file, variables, flags.
Expected<LoadedConfig, std::vector<Mistake>> load_config(const ConfigSources& sources);

// $XDG_STATE_HOME/twindow, else ~/.local/state/twindow; without a home /var/lib/twindow.
std::filesystem::path default_data_dir(const Environment& environment);

}  // namespace twindow::app
