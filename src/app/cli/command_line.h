// SPDX-License-Identifier: Apache-2.0
// The command line of `twindow`: reads it, runs the command, gives the exit code.
#pragma once

#include <string>
#include <vector>

#include "src/app/cli/surroundings.h"

namespace twindow::app {

// `arguments` without the program's name. Never throws.
int run_command_line(const std::vector<std::string>& arguments, Surroundings& surroundings);

}  // namespace twindow::app
