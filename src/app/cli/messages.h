// SPDX-License-Identifier: Apache-2.0
// `twindow messages list|show|search`.
#pragma once

#include <string>

#include "twindow/base/expected.h"

#include "src/app/cli/client_options.h"
#include "src/app/cli/server.h"
#include "src/app/cli/terminal.h"
#include "src/app/json.h"

namespace twindow::app {

struct ListMessages {
  ClientOptions client = {};
  std::string query = {};
  std::string before = {};
  unsigned limit = 50;
};
int list_messages(const ListMessages& options, Server& server, const Terminal& terminal);

struct ShowMessage {
  ClientOptions client = {};
  std::string which = {};  // a message's SID, or a number: the last message to it
};
int show_message(const ShowMessage& options, Server& server, const Terminal& terminal);

// The SID of `which`, asking the server for the last message to a number. The error is the exit
// code; it was told.
Expected<std::string, int> message_sid_of(const std::string& which, const std::string& account,
                                          Server& server, const Terminal& terminal);

// The last send to a number, if it was refused at once and so left no message: as it is listed,
// with its decision. Null if it was not, or `which` is no number.
Expected<Json, int> refused_last(const std::string& which, const std::string& account,
                                 Server& server, const Terminal& terminal);

}  // namespace twindow::app
