// SPDX-License-Identifier: Apache-2.0
// The steps of a scenario file that are files of their own, and what they share. Pure.
#pragma once

#include <optional>

#include "src/app/scenario_node.h"

namespace twindow::app {

std::optional<scenario::ExpectStep> read_expect(const ConfigNode& node);
std::optional<scenario::FaultStep> read_fault(const ConfigNode& node);
std::optional<scenario::HttpStep> read_http(const ConfigNode& node, const Targets& targets);

// How long is waited, of real time.
void read_wall_time(const ConfigNode& node, Duration& within);
void read_http_status(const ConfigNode& node, std::optional<int>& status);

}  // namespace twindow::app
