// SPDX-License-Identifier: Apache-2.0
// JSON as `app` handles it, and reading what a server sent without trusting its shape.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace twindow::app {

using Json = nlohmann::ordered_json;  // members keep their order: mistakes and output do too

// The member as text: a text itself, a number or boolean as written; "" for null, for an object
// or list, and if there is none.
std::string text_at(const Json& json, std::string_view name);

// The member, or null if `json` is no object or has none.
const Json& member_at(const Json& json, std::string_view name);

// Indented, for people and for `jq`; bytes that are not UTF-8 are replaced.
std::string pretty(const Json& json);

}  // namespace twindow::app
