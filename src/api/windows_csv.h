// SPDX-License-Identifier: Apache-2.0
// The window table as CSV, as `twindow windows export` writes it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/error.h"

namespace twindow::api {

struct WindowRow {
  int line = 0;  // from 1
  std::string sender = {};
  std::string user = {};
  std::string last_inbound = {};
  std::optional<bool> closed_early = {};  // nothing: the file does not say
};

struct BadLine {
  int line = 0;
  std::string detail = {};
};

struct WindowsCsv {
  std::vector<WindowRow> rows = {};
  std::vector<BadLine> bad = {};  // lines that are no rows
};

// Columns: sender, user, last_inbound, and closed_early (true, false or nothing), which older files
// lack. A header may name them in any order; without one they stand in this order. A field may be
// in quotes (RFC 4180), but never holds a line's end. BadInput: a header of other columns.
Result<WindowsCsv> read_windows_csv(std::string_view text);

}  // namespace twindow::api
