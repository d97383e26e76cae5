// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "twindow/model/message.h"

namespace twindow::api {

// The answer to "why was this message not delivered?", for a person at 2 a.m.: what became of it,
// the code with its cause and fix, how old the window was at the send, and what would have worked.
std::string why(const Message& message);

}  // namespace twindow::api
