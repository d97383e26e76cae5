// SPDX-License-Identifier: Apache-2.0
// A rule of `on` in a scenario file.
#pragma once

#include "twindow/policy/script.h"

#include "src/app/config_node.h"

namespace twindow::app {

// Appends the rule, if it is one; a rule without an id is called by its place.
void read_on_rule(const ConfigNode& node, std::vector<policy::ScriptRule>& rules);

}  // namespace twindow::app
