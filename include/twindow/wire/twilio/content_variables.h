// SPDX-License-Identifier: Apache-2.0
// The ContentVariables of a create call: a JSON object of texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"
#include "twindow/model/message.h"

namespace twindow::wire {

// Numbers and booleans as their text; in order, repeated names kept. Errc::ContentVariablesInvalid
// for what is no object, a null, anything nested, more than 100 variables, a name of more than 16
// or a value of more than 1600 UTF-16 units.
Result<std::vector<Param>> parse_content_variables(std::string_view text);

// `{"1":"Ana","2":"9:00"}`
std::string content_variables_json(const std::vector<Param>& variables);

}  // namespace twindow::wire
