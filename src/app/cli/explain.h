// SPDX-License-Identifier: Apache-2.0
// `twindow explain`: what would become of a send, and why.
#pragma once

#include <string>

#include "src/app/cli/client_options.h"
#include "src/app/cli/server.h"
#include "src/app/cli/terminal.h"

namespace twindow::app {

struct Explain {
  ClientOptions client;
  std::string from = {};
  std::string to = {};
  std::string service = {};
  std::string body = {};
  std::string media = {};
  std::string content_sid = {};
  std::string variables = {};
  std::string at = {};
};

// Exit code.
int explain(const Explain& options, Server& server, const Terminal& terminal);

}  // namespace twindow::app
