// SPDX-License-Identifier: Apache-2.0
// --control-token-file, for every command that asks a server.
#pragma once

#include <CLI/CLI.hpp>

#include "src/app/cli/client_options.h"

namespace twindow::app {

inline void add_token_option(CLI::App& command, ClientOptions& client) {
  command
      .add_option("--control-token-file", client.token_file,
                  "Holds the server's token [TWINDOW_CONTROL_TOKEN, else that of TWINDOW_DATA]")
      ->type_name("FILE");
}

}  // namespace twindow::app
