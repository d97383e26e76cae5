// SPDX-License-Identifier: Apache-2.0
// What the readers of Twilio's answers have in common. What comes is somebody else's: nothing in it
// is relied on, and what is not as it should be is Errc::BadReply or left out, never a crash.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "twindow/model/error.h"

namespace twindow::wire {

// One JSON object, at most limits::kJsonDepthMax deep. Errc::BadReply; `what` names it in the
// detail: "a list of messages".
Result<nlohmann::json> parse_answer(std::string_view text, std::string_view what);

// More than `max` brackets inside each other; of what is no JSON, who knows.
bool nests_deeper_than(std::string_view text, std::size_t max);

// The member, if it is a string; else empty.
std::string text_of(const nlohmann::json& object, const char* key);

// The member, if it is an array; else null. Errors and lists without it look the same.
const nlohmann::json* array_of(const nlohmann::json& object, const char* key);

// The elements of the array `key` of an object, as they are written. `object` is JSON that has
// been parsed; of a repeated key the last counts, as for the parser. A key that is written with
// escapes is not found.
std::vector<std::string_view> elements_of(std::string_view object, std::string_view key);

// The link to the next page of either of Twilio's two envelopes; nothing on the last page.
std::optional<std::string> next_link(const nlohmann::json& page);

}  // namespace twindow::wire
