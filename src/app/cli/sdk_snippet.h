// SPDX-License-Identifier: Apache-2.0
// The lines of code that point a Twilio SDK at a server of ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twindow::app {

std::vector<std::string> sdk_languages();  // "node", …, and "env": the variables for a shell

// Ends with a newline; empty if the language is none of the above. `origin` is where the Twilio
// API is served, as "http://127.0.0.1:4010".
std::optional<std::string> sdk_snippet(std::string_view language, std::string_view origin);

}  // namespace twindow::app
