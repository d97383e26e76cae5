// SPDX-License-Identifier: Apache-2.0
// A step of a scenario file.
#pragma once

#include "src/app/scenario_node.h"

namespace twindow::app {

// What a step may name that stands elsewhere in the file.
struct StepSurroundings {
  const Targets& targets;
};

// Appends the step, if it is one.
void read_step(const ConfigNode& node, const StepSurroundings& around,
               std::vector<scenario::Step>& steps);

const std::vector<std::string>& step_names();  // "inbound", "send", …

}  // namespace twindow::app
