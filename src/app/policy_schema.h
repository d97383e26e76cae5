// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of the policy file, for editors.
#pragma once

#include <string>

namespace twindow::app {

// Indented, with a newline at the end.
std::string policy_schema();

}  // namespace twindow::app
