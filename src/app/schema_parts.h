// SPDX-License-Identifier: Apache-2.0
// Of which the JSON Schemas of the policy and of scenarios are made.
#pragma once

#include "src/app/json.h"

namespace twindow::app::schema {

Json object_of(Json properties);  // and no other ones
Json described(const char* description, Json schema);
Json one_of(Json words, const char* fallback);
Json duration(const char* fallback);
Json boolean(bool fallback);
Json scalar();
Json condition(Json value);  // a text to be equal to, or operations

// The `match` of a rule; it refers to "#/$defs/condition".
Json match_schema();

}  // namespace twindow::app::schema
