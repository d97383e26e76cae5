// SPDX-License-Identifier: Apache-2.0
// A field of a CSV line. Source: RFC 4180.
#pragma once

#include <string>
#include <string_view>

namespace twindow::wire {

inline void append_csv_field(std::string& out, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace twindow::wire
