// SPDX-License-Identifier: Apache-2.0
// What putting texts into the index of templates and finding them there have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace twindow::policy {

// Literals shorter than the first are not looked for by the scan, but where they are wanted.
inline constexpr std::size_t kShortGram = 4;
inline constexpr std::size_t kLongGram = 8;

inline std::size_t gram_of(std::size_t literal_size) {
  if (literal_size < kShortGram) return 0;
  return literal_size < kLongGram ? kShortGram : kLongGram;
}

// The bytes, spread: the upper bits choose a place in a table.
inline std::uint64_t gram_at(std::string_view text, std::size_t at, std::size_t gram) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text.data() + at, gram);
  return bytes * 0x9E3779B97F4A7C15;
}

// One kind of line end, no blanks at the ends.
std::string normal_text(std::string_view text);

}  // namespace twindow::policy
