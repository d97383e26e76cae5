// SPDX-License-Identifier: Apache-2.0
// Characters beyond ASCII, and what stands for them: another of the same length in UTF-8 that is
// in GSM-7 if and only if it was, so that a text keeps its segments.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace twindow::app {

// Of the character that begins at `at`, which is moved behind it. Punctuation and pictures stay.
std::string other_letter(std::string_view text, std::size_t& at);

std::size_t code_points(std::string_view text);

}  // namespace twindow::app
