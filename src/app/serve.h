// SPDX-License-Identifier: Apache-2.0
// The running program.
#pragma once

#include "src/app/config_load.h"

namespace twindow::app {

// Runs until SIGTERM or SIGINT. `sources` are read again on SIGHUP, and when the file has changed.
// Returns the exit code.
int serve(const Config& config, const ConfigSources& sources);

}  // namespace twindow::app
