// SPDX-License-Identifier: Apache-2.0
// Asking a server, with every failure told to the user.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "twindow/base/expected.h"

#include "src/app/cli/server.h"
#include "src/app/cli/terminal.h"
#include "src/app/json.h"

namespace twindow::app {

// A path and its query; names without a value are left out.
std::string target(std::string path,
                   const std::vector<std::pair<std::string, std::string>>& query = {});

// The body of a 2xx answer. All else was told on `terminal.err`, and the error is the exit code:
// 1 for what the server refuses, 3 if there is no server or it fails, 4 for 406 (waited in vain).
Expected<std::string, int> ask_text(Server& server, const ServerCall& call,
                                    const Terminal& terminal);
Expected<Json, int> ask(Server& server, const ServerCall& call, const Terminal& terminal);

// Tells why there was no answer; the exit code.
int tell_no_answer(const Error& error, const Terminal& terminal);

}  // namespace twindow::app
