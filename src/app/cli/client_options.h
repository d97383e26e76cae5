// SPDX-License-Identifier: Apache-2.0
// The options that all commands share.
#pragma once

#include <string>

namespace twindow::app {

// What every command that talks to a server can be told.
struct ClientOptions {
  std::string server;      // empty: TWINDOW_SERVER, else the default
  std::string token_file;  // empty: TWINDOW_CONTROL_TOKEN, else that of the data folder
  std::string account;     // empty: all accounts, or the only one
  std::string format = "table";

  bool json() const { return format == "json"; }
};

}  // namespace twindow::app
