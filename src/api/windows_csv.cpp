// SPDX-License-Identifier: Apache-2.0
#include "src/api/windows_csv.h"

#include <algorithm>
#include <array>

namespace twindow::api {

namespace {

constexpr std::array<std::string_view, 4> kColumns{"sender", "user", "last_inbound",
                                                   "closed_early"};
constexpr std::size_t kNeeded = 3;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // spreadsheets begin with it

using Cells = std::vector<std::string>;
using Order = std::vector<std::size_t>;  // for each cell of a line its place in kColumns

// The next line of `text`, without its end; `text` goes on behind it.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Cells cells_of(std::string_view line) {
  Cells cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && line.substr(i + 1).starts_with('"')) {
      cells.back() += line[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

// A row has a number and a time, so there are digits in it.
bool is_header(std::string_view line) {
  return line.find_first_of("0123456789") == std::string_view::npos;
}

Result<Order> read_header(const Cells& names) {
  Order order;
  const auto wrong = [&](const std::string& what) {
    return fail(Errc::BadInput,
                "line 1: the header " + what +
                    "; expected the columns sender, user, last_inbound and perhaps closed_early, "
                    "in any order");
  };
  for (const std::string& name : names) {
    const auto known = std::ranges::find(kColumns, name);
    if (known == kColumns.end()) return wrong("names '" + name + "'");
    const auto place = static_cast<std::size_t>(known - kColumns.begin());
    if (std::ranges::find(order, place) != order.end()) return wrong("names " + name + " twice");
    order.push_back(place);
  }
  for (std::size_t place = 0; place < kNeeded; ++place) {
    if (std::ranges::find(order, place) == order.end()) {
      return wrong("lacks " + std::string(kColumns[place]));
    }
  }
  return order;
}

std::string column_names(const Order& order) {
  std::string names;
  for (const std::size_t place : order) {
    names += (names.empty() ? "" : ",") + std::string(kColumns[place]);
  }
  return names;
}

Result<WindowRow> read_row(int line, Cells cells, const Order& order) {
  // What a row may lack at its end, another program leaves out.
  const bool shorter = cells.size() == kNeeded && order.size() > kNeeded && order.back() == kNeeded;
  if (cells.size() != order.size() && !shorter) {
    const char* const count = order.size() == kNeeded ? "three" : "four";
    return fail(Errc::BadInput,
                std::string("expected ") + count + " columns: " + column_names(order));
  }
  std::array<std::string, kColumns.size()> values;
  for (std::size_t i = 0; i < cells.size(); ++i) values[order[i]] = std::move(cells[i]);
  auto& [sender, user, last_inbound, closed_early] = values;
  WindowRow row{.line = line,
                .sender = std::move(sender),
                .user = std::move(user),
                .last_inbound = std::move(last_inbound)};
  if (closed_early == "true" || closed_early == "false") {
    row.closed_early = closed_early == "true";
  } else if (!closed_early.empty()) {
    return fail(Errc::BadInput, "closed_early: '" + closed_early + "': expected true or false");
  }
  return row;
}

}  // namespace

Result<WindowsCsv> read_windows_csv(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  WindowsCsv csv;
  std::optional<Order> order;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (line.empty()) continue;
    Cells cells = cells_of(line);
    if (number == 1 && is_header(line)) {
      order = TWINDOW_TRY(read_header(cells));
      continue;
    }
    if (!order) order = cells.size() > kNeeded ? Order{0, 1, 2, 3} : Order{0, 1, 2};
    auto row = read_row(number, std::move(cells), *order);
    if (row) {
      csv.rows.push_back(*std::move(row));
    } else {
      csv.bad.push_back({number, std::move(row).error().detail});
    }
  }
  return csv;
}

}  // namespace twindow::api
