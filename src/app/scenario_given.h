// SPDX-License-Identifier: Apache-2.0
// `targets` and `given` of a scenario file.
#pragma once

#include "twindow/gateway/world_setup.h"

#include "src/app/scenario_node.h"

namespace twindow::app {

void read_targets(const ConfigNode& node, Targets& targets);

// The account's SID and token go to the scenario, all else to the setup.
void read_given(const ConfigNode& node, scenario::Scenario& scenario, gateway::WorldSetup& setup);

}  // namespace twindow::app
