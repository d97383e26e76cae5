// SPDX-License-Identifier: Apache-2.0
// The configuration file: JSON with comments, read into a Config by the table of settings.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "src/app/config.h"
#include "src/app/environment.h"
#include "src/app/mistake.h"

namespace twindow::app {

// Where each setting that was given stands, by key: for mistakes found when all is read.
using Origins = std::map<std::string, std::string, std::less<>>;

struct ConfigFileTargets {
  Config& config;
  Origins& origins;
  std::vector<Mistake>& mistakes;
};

// `named_by` is who named the file: "--config" or "TWINDOW_CONFIG".
void read_config_file(const std::string& path, const std::string& named_by,
                      const Environment& environment, ConfigFileTargets targets);

}  // namespace twindow::app
