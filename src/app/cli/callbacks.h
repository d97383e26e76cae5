// SPDX-License-Identifier: Apache-2.0
// `twindow callbacks list|show|resend`: the webhooks that were sent to the app.
#pragma once

#include <string>

#include "src/app/cli/client_options.h"
#include "src/app/cli/server.h"
#include "src/app/cli/terminal.h"

namespace twindow::app {

struct ListCallbacks {
  ClientOptions client = {};
  std::string message = {};
  std::string before = {};
  unsigned limit = 50;
};
int list_callbacks(const ListCallbacks& options, Server& server, const Terminal& terminal);

struct OneCallback {
  ClientOptions client = {};
  std::string id = {};
};
int show_callback(const OneCallback& options, Server& server, const Terminal& terminal);
int resend_callback(const OneCallback& options, Server& server, const Terminal& terminal);

}  // namespace twindow::app
