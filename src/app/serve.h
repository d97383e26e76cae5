// SPDX-License-Identifier: Apache-2.0
// The running program.
#pragma once

#include "src/app/config.h"

namespace twindow::app {

// Runs until SIGTERM or SIGINT. Returns the exit code.
int serve(const Config& config);

}  // namespace twindow::app
