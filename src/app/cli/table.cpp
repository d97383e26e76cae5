// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/table.h"

#include <algorithm>

namespace twindow::app {

Table::Table(std::vector<std::string> header) {
  std::vector<Cell> row;
  for (std::string& name : header) row.push_back({std::move(name), Color::Bold});
  rows_.push_back(std::move(row));
}

void Table::add(std::vector<Cell> row) {
  for (Cell& cell : row) cell.text = printable(cell.text);
  rows_.push_back(std::move(row));
}

void Table::print(const Terminal& terminal) const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], columns(row[i].text));
    }
  }
  for (const auto& row : rows_) {
    std::string line;
    std::size_t missing = 0;  // blanks that are due before the next text
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string& text = row[i].text;
      if (!text.empty()) {
        line.append(missing, ' ');
        line += row[i].color ? terminal.paint(*row[i].color, text) : text;
        missing = 0;
      }
      missing += widths[i] - columns(text) + 2;
    }
    terminal.out << line << "\n";
  }
}

}  // namespace twindow::app
