// SPDX-License-Identifier: Apache-2.0
// Messages, as the control API tells them, for people.
#pragma once

#include <optional>
#include <string>

#include "src/app/cli/terminal.h"
#include "src/app/json.h"

namespace twindow::app {

// Green for what arrived, red for what did not, none for what is under way.
std::optional<Color> status_color(const std::string& status);

// A list of messages as a table, newest first as it came.
void print_messages(const Json& messages, const Terminal& terminal);

// One message: header, timeline, and at the end the line(s) "why: …".
void print_message(const Json& message, const Terminal& terminal);

}  // namespace twindow::app
