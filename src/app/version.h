// SPDX-License-Identifier: Apache-2.0
// The version of the program, as CMakeLists.txt says it.
#pragma once

#include <string_view>

namespace twindow::app {

inline constexpr std::string_view kVersion = TWINDOW_VERSION;

}  // namespace twindow::app
