// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of scenario files, for editors.
#pragma once

#include <string>

namespace twindow::app {

// Indented, with a newline at the end.
std::string scenario_schema();

}  // namespace twindow::app
