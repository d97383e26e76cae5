// SPDX-License-Identifier: Apache-2.0
// Conditions as the control API writes them.
#pragma once

#include <string>

#include "twindow/policy/matcher.h"

#include "src/api/control_call.h"

namespace twindow::api {

// The `match` value of one field: "x", 3, {"contains":"x"}, {"anyOf":["x","y"]}, {"absent":true}.
// BadInput, with a text that names the field.
Result<policy::Condition> read_condition(const std::string& field, const Json& json);

}  // namespace twindow::api
