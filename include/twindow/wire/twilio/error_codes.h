// SPDX-License-Identifier: Apache-2.0
// Twilio's error dictionary, as far as messaging goes: what a code is called, why it comes and what
// to do about it. The same as fixtures/twilio/error-codes.json; a test compares them.
#pragma once

#include <string_view>

namespace twindow::wire {

struct ErrorCodeInfo {
  int code;
  std::string_view title;
  std::string_view cause;
  std::string_view fix;
};

// Null if the code is not in the dictionary. The row lives as long as the program.
const ErrorCodeInfo* find_error_code(int code);

}  // namespace twindow::wire
