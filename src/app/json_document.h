// SPDX-License-Identifier: Apache-2.0
// A JSON text that people write, comments allowed, and where each of its values stands: what
// nlohmann/json parses, with the positions that it does not keep.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/expected.h"

#include "src/app/json.h"

namespace twindow::app {

// Both count from 1; a column is a character, not a byte.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
  std::size_t file = 0;  // of several files that were read as one; 0: the one that was named

  friend bool operator==(const Position&, const Position&) = default;
};

struct JsonMistake {
  Position at;
  std::string text;  // holds nothing of the text but punctuation: it may be a secret
};

struct JsonDocument {
  Json root;
  std::map<std::string, Position> values;  // by JSON pointer; "" is the root
  std::map<std::string, Position> keys;    // by JSON pointer of the member
  std::vector<std::string> twice;          // members whose name stood in the object before
};

Expected<JsonDocument, JsonMistake> parse_json_document(std::string_view text);

// `name` appended to `pointer`, escaped.
std::string child_pointer(const std::string& pointer, std::string_view name);

}  // namespace twindow::app
