// SPDX-License-Identifier: Apache-2.0
// A configuration that was read again, beside the one in force.
#pragma once

#include <string>
#include <vector>

#include "src/app/config.h"

namespace twindow::app {

// Keys as in the file, in the order of the table of settings.
struct ConfigChange {
  std::vector<std::string> taken;    // are different, and can be so while the server runs
  std::vector<std::string> pending;  // are different, and need a restart

  friend bool operator==(const ConfigChange&, const ConfigChange&) = default;
};

// Whatever of `read` can change while the server runs is copied to `in_force`, which keeps the
// rest.
ConfigChange take_changes(Config& in_force, const Config& read);

}  // namespace twindow::app
