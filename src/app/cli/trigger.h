// SPDX-License-Identifier: Apache-2.0
// `twindow trigger EVENT`: makes one thing happen on a running server.
#pragma once

#include <string>
#include <vector>

#include "src/app/cli/client_options.h"
#include "src/app/cli/server.h"
#include "src/app/cli/terminal.h"

namespace twindow::app {

struct Trigger {
  ClientOptions client = {};
  std::string event = {};  // "message.inbound", "message.undelivered:63016"
  std::string from = {};
  std::string to = {};
  std::string sid = {};
  std::vector<std::string> set = {};  // "Body=hi"
};
int trigger(const Trigger& options, Server& server, const Terminal& terminal);

}  // namespace twindow::app
