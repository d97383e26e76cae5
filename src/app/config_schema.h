// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of the configuration file.
#pragma once

#include <string>

namespace twindow::app {

// Draft 2020-12, indented, with a final newline. Made of the table of settings.
std::string config_schema();

}  // namespace twindow::app
