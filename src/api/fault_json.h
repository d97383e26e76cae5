// SPDX-License-Identifier: Apache-2.0
// The rules of /__admin/faults as JSON (docs/CONTROL_API.md has the shape).
#pragma once

#include <string>
#include <vector>

#include "twindow/policy/fault_rules.h"

#include "src/api/control_call.h"

namespace twindow::api {

// Where in the input ("/faults/0/match/path"), and what was expected.
struct FaultInputError {
  std::string pointer;
  std::string detail;
};

// Of a list of rules. Those without an `id` are named by their place, from 1.
Expected<std::vector<policy::FaultRule>, FaultInputError> read_faults(const Json& list);

Json to_json(const policy::FaultRule& rule);

}  // namespace twindow::api
