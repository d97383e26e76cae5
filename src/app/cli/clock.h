// SPDX-License-Identifier: Apache-2.0
// `twindow clock show|advance|set`: the time of the simulator.
#pragma once

#include <string>

#include "src/app/cli/client_options.h"
#include "src/app/cli/server.h"
#include "src/app/cli/terminal.h"

namespace twindow::app {

struct ShowClock {
  ClientOptions client = {};
};
int show_clock(const ShowClock& options, Server& server, const Terminal& terminal);

struct AdvanceClock {
  ClientOptions client = {};
  std::string by = {};  // "24h"
};
int advance_clock(const AdvanceClock& options, Server& server, const Terminal& terminal);

struct SetClock {
  ClientOptions client = {};
  std::string now = {};
  std::string mode = {};
};
int set_clock(const SetClock& options, Server& server, const Terminal& terminal);

}  // namespace twindow::app
