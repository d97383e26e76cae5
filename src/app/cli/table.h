// SPDX-License-Identifier: Apache-2.0
// Aligned columns for people. Scripts take --format json.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "src/app/cli/terminal.h"

namespace twindow::app {

struct Cell {
  std::string text;
  std::optional<Color> color = {};
};

// Columns stand two blanks apart, the header in bold; the last column is not filled up.
class Table {
 public:
  explicit Table(std::vector<std::string> header);

  void add(std::vector<Cell> row);
  bool empty() const { return rows_.size() == 1; }
  void print(const Terminal& terminal) const;

 private:
  std::vector<std::vector<Cell>> rows_;  // the header first
};

}  // namespace twindow::app
