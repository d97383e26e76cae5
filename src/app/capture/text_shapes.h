// SPDX-License-Identifier: Apache-2.0
// What stands in texts and is no mere word: where it ends. Each answers `at` itself if no such
// thing begins there.
#pragma once

#include <cstddef>
#include <string_view>

namespace twindow::app {

constexpr std::size_t kSidDigits = 32;

inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }
inline bool is_any_hex(char c) { return is_hex(c) || (c >= 'A' && c <= 'F'); }
inline bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

template <class Is>
std::size_t run_end(std::string_view text, std::size_t at, Is is) {
  while (at < text.size() && is(text[at])) ++at;
  return at;
}

// "SM" and 32 digits, and no letter or digit before or behind them.
std::size_t sid_end(std::string_view text, std::size_t at);
// "{{1}}", "{{ name }}".
std::size_t placeholder_end(std::string_view text, std::size_t at);
// "https://...", up to a blank or a quote.
std::size_t url_end(std::string_view text, std::size_t at);

// Begins with "%2B" or its like.
bool is_escape(std::string_view text);

}  // namespace twindow::app
