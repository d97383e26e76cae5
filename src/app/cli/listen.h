// SPDX-License-Identifier: Apache-2.0
// `twindow listen`: follows the events of a server.
#pragma once

#include <string>

#include "src/app/cli/client_options.h"
#include "src/app/cli/server.h"
#include "src/app/cli/terminal.h"

namespace twindow::app {

struct Listen {
  ClientOptions client = {};
  std::string type = {};  // a prefix: "message", "message.undelivered"
};

// Ends with the server, or when `out` takes no more.
int listen(const Listen& options, Server& server, const Terminal& terminal);

}  // namespace twindow::app
