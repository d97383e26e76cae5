// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/legal_value.h"

#include <algorithm>

namespace twindow::policy {

namespace {

constexpr std::size_t kSpacesMax = 4;
constexpr std::size_t kUnitsMax = 1600;  // UTF-16; beyond: 21658

// Each line end and tab as one space.
std::string on_one_line(std::string_view value) {
  std::string line;
  line.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\r' && i + 1 < value.size() && value[i + 1] == '\n') ++i;
    const bool blank = value[i] == '\r' || value[i] == '\n' || value[i] == '\t';
    line += blank ? ' ' : value[i];
  }
  return line;
}

std::string with_short_runs(std::string_view line) {
  std::string text;
  text.reserve(line.size());
  while (!line.empty()) {
    const std::size_t run = std::min(line.find_first_not_of(' '), line.size());
    text.append(run > kSpacesMax ? 1 : run, ' ');
    line.remove_prefix(run);
    const std::size_t word = std::min(line.find(' '), line.size());
    text += line.substr(0, word);
    line.remove_prefix(word);
  }
  return text;
}

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t utf16_units(std::string_view text) {
  const auto beyond_bmp =
      std::ranges::count_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0xF0; });
  return character_count(text) + static_cast<std::size_t>(beyond_bmp);
}

}  // namespace

std::string_view value_fault(std::string_view value) {
  if (value.empty()) return "is empty";
  if (value.find_first_of("\r\n") != std::string_view::npos) return "holds a line end";
  if (value.find('\t') != std::string_view::npos) return "holds a tab";
  if (value.find("     ") != std::string_view::npos) return "has more than 4 spaces in a row";
  return {};
}

Expected<std::string, std::string> legal_value(std::string_view value) {
  std::string legal = with_short_runs(on_one_line(value));
  if (legal.find_first_not_of(' ') == std::string::npos) {
    return Unexpected<std::string>(value.empty() ? "is empty" : "is blank");
  }
  if (legal.size() > kUnitsMax && utf16_units(legal) > kUnitsMax) {
    return Unexpected<std::string>("is longer than 1600 characters");
  }
  return legal;
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

}  // namespace twindow::policy
