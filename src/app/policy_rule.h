// SPDX-License-Identifier: Apache-2.0
// A rule of the policy file.
#pragma once

#include <vector>

#include "twindow/policy/policy.h"

#include "src/app/config_node.h"

namespace twindow::app {

// Appends the rule, whole or not; the mistakes are noted.
void read_rule(const ConfigNode& node, std::vector<policy::Rule>& rules);

}  // namespace twindow::app
