// SPDX-License-Identifier: Apache-2.0
// Where a command writes: results to `out`, all else to `err`.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

namespace twindow::app {

enum class Color : std::uint8_t { Red, Green, Yellow, Dim, Bold };

struct Terminal {
  std::ostream& out;
  std::ostream& err;
  bool color = false;  // `out` is a terminal and NO_COLOR is not set

  std::string paint(Color paint, std::string_view text) const;

  // "twindow: …" on `err`.
  void complain(std::string_view text) const;
};

// Text from outside made safe for a terminal: control characters, which could move its cursor or
// worse, become blanks.
std::string printable(std::string_view text);

// How many columns a text takes: combining marks none, East Asian characters and emoji two.
std::size_t columns(std::string_view text);

// At most `columns_max` columns, cut at a character and ended by "…" if anything was cut.
std::string shortened(std::string_view text, std::size_t columns_max);

}  // namespace twindow::app
