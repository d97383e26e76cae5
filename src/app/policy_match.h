// SPDX-License-Identifier: Apache-2.0
// The `match` of a rule in the policy file.
#pragma once

#include "twindow/policy/send_matcher.h"

#include "src/app/config_node.h"

namespace twindow::app {

// Empty conditions where something was wrong; the mistakes are noted.
policy::SendMatcher read_match(const ConfigNode& node);

}  // namespace twindow::app
