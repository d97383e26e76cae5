// SPDX-License-Identifier: Apache-2.0
// Values in JSON by their path, and what they are expected to be.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twindow/base/expected.h"

#include "src/app/json.h"

namespace twindow::app {

// The value at a path such as "$.reminders[0].state" or "$['a name'][-1]"; null if there is none.
// The part of JSONPath that names one value: no library of Debian's has it for C++. An error says
// what was expected in the path.
Expected<const Json*, std::string> value_at(const Json& json, std::string_view path);

// What was expected, if `actual` (null: there is none) is not that; else nothing. `expectation` is
// a value, or an object of one operator: equals, contains, matches (RE2, anywhere in the text),
// anyOf, absent. A number and its text are equal: Twilio writes some of its numbers as text.
std::optional<std::string> unmet(const Json* actual, const Json& expectation);

// As a person would want to read it in a report: `nothing` for null pointers.
std::string shown_json(const Json* value);

}  // namespace twindow::app
