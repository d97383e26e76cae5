// SPDX-License-Identifier: Apache-2.0
// The table of settings: the one place that knows a setting's key, flag, variable, meaning and
// default. The loader, `serve --help` and the JSON Schema of the file all read it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "src/app/config.h"

namespace twindow::app {

enum class Shape : std::uint8_t {
  Text,
  Integer,
  Boolean,   // its flag has no value
  TextList,  // in the file a list or one text; in a variable separated by commas
  TextMap,   // in the file an object of texts; elsewhere a list of LEFT=RIGHT
};

struct Setting {
  std::string_view key;       // path in the file: "callbacks.deliver_to"
  std::string_view flag;      // "--deliver-to", or empty
  std::string_view variable;  // "TWINDOW_DELIVER_TO", or empty
  Shape shape;
  std::string_view value_name;  // in the help: "ADDR"
  std::string_view expected;    // completes "expected …"
  std::string_view help;
  std::string_view fallback;  // the default, as it would be written; empty if there is none
  std::string_view choices;   // all values there are, as "simulate|proxy"; empty if not a choice
  bool is_path;               // relative to the folder of the file that names it
  bool later;                 // read and checked, and then refused: not in this version yet

  // Reads one value (of a list: one item, of a map: "LEFT=RIGHT"). False: not what was expected.
  bool (*set)(Config&, std::string_view text);
  // Of lists and maps: forgets what a weaker source gave. Else null.
  void (*clear)(Config&);
};

std::span<const Setting> settings();

// Null if there is none.
const Setting* find_setting(std::string_view key);

}  // namespace twindow::app
