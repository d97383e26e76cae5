// SPDX-License-Identifier: Apache-2.0
// What WhatsApp takes as the value of a template's variable. Source: Twilio's error 63013.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "twindow/base/expected.h"

namespace twindow::policy {

inline constexpr std::size_t kFilledBodyMax = 1024;  // characters; beyond: 63021

// What is wrong with a value: "is empty", "holds a line end", "holds a tab", "has more than 4
// spaces in a row"; empty if nothing is.
std::string_view value_fault(std::string_view value);

// `value` with each line end, tab and run of 5 or more spaces made one space. The error says why
// that cannot be done without changing what it means: it is blank, or longer than Twilio takes.
Expected<std::string, std::string> legal_value(std::string_view value);

// Characters, as WhatsApp counts them; `text` is UTF-8.
std::size_t character_count(std::string_view text);

}  // namespace twindow::policy
