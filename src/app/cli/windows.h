// SPDX-License-Identifier: Apache-2.0
// `twindow windows list|show|open|close|import|export|backfill`.
#pragma once

#include <string>

#include "src/app/cli/client_options.h"
#include "src/app/cli/server.h"
#include "src/app/cli/surroundings.h"
#include "src/app/cli/terminal.h"

namespace twindow::app {

struct ListWindows {
  ClientOptions client = {};
  std::string sender = {};
  std::string user = {};
  std::string state = {};
};
int list_windows(const ListWindows& options, Server& server, const Terminal& terminal);
// As CSV that `import` reads: sender,user,last_inbound.
int export_windows(const ListWindows& options, Server& server, const Terminal& terminal);

struct OneWindow {
  ClientOptions client = {};
  std::string sender = {};
  std::string user = {};
  std::string last_inbound = {};  // only for open
};
int show_window(const OneWindow& options, Server& server, const Terminal& terminal);
int open_window(const OneWindow& options, Server& server, const Terminal& terminal);
int close_window(const OneWindow& options, Server& server, const Terminal& terminal);

struct ImportWindows {
  ClientOptions client = {};
  std::string file = {};
};
int import_windows(const ImportWindows& options, Server& server, const Terminal& terminal);

struct BackfillWindows {
  ClientOptions client = {};
};
// Has the server read the last 24 hours from Twilio, and waits until it has.
int backfill_windows(const BackfillWindows& options, Server& server, Surroundings& around);

}  // namespace twindow::app
