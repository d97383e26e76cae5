// SPDX-License-Identifier: Apache-2.0
// What a server refuses, told to the user.
#pragma once

#include "src/app/cli/server.h"
#include "src/app/cli/terminal.h"

namespace twindow::app {

// {"errors":[{"title","detail","pointer"}]}, a line each; anything else in one sentence. Answers
// the exit code: 1 for what is refused, 3 if the server fails, 4 for 406 (waited in vain).
int tell_refusal(const ServerReply& reply, const Terminal& terminal);

}  // namespace twindow::app
