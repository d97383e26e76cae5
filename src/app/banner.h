// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

#include "twindow/api/server_state.h"

#include "src/app/config.h"

namespace twindow::app {

// The first screen: where everything is, and three ways to point an app here.
void print_banner(std::ostream& out, const api::ServerState& state, const Config& config);

}  // namespace twindow::app
