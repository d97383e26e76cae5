// SPDX-License-Identifier: Apache-2.0
// One JSON object without anything nested, read in one pass and without a tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/expected.h"

namespace twindow::wire {

struct FlatMember {
  std::string key;
  std::optional<std::string> text;  // a number or boolean as its text; empty for null
};

struct FlatJsonError {
  std::string what;  // a sentence: position or key, and what was expected
};

// In order, repeated keys kept.
Expected<std::vector<FlatMember>, FlatJsonError> parse_flat_object(std::string_view json);

}  // namespace twindow::wire
