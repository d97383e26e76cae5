// SPDX-License-Identifier: Apache-2.0
// Which bytes may stand where in HTTP/1.1 (RFC 9110 section 5.6, RFC 9112): tables, since every
// byte of every request is looked up.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "twindow/base/eight_bytes.h"

namespace twindow::net {

inline constexpr std::uint8_t kTokenByte = 1;   // names of headers and methods
inline constexpr std::uint8_t kLineByte = 2;    // a request line: visible ASCII and space
inline constexpr std::uint8_t kHeaderByte = 4;  // a header line: also tabs and non-ASCII bytes
inline constexpr std::uint8_t kHostByte = 8;    // a host name: letters, digits, "-._"

inline constexpr std::array<std::uint8_t, 256> kByteClasses = [] {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool visible = c > 0x20 && c < 0x7F;
    const auto among = [c](std::string_view set) {
      return c < 0x80 && set.find(static_cast<char>(c)) != std::string_view::npos;
    };
    if (alnum || (c != 0 && among("!#$%&'*+-.^_`|~"))) table[c] |= kTokenByte;
    if (visible || c == ' ') table[c] |= kLineByte;
    if (visible || c == ' ' || c == '\t' || c >= 0x80) table[c] |= kHeaderByte;
    if (alnum || (c != 0 && among("-._"))) table[c] |= kHostByte;
  }
  return table;
}();

// True if every byte is of `byte_class`; no early exit, since nearly every text is good.
inline bool all_of_class(std::string_view text, std::uint8_t byte_class) {
  std::uint8_t common = 0xFF;
  for (const char c : text) common &= kByteClasses[static_cast<unsigned char>(c)];
  return (common & byte_class) != 0;
}

// A header's value, and all that was read of a header line: what kHeaderByte allows. Mostly ASCII
// without a tab, and so looked at by eights.
inline bool is_header_text(std::string_view text) {
  const std::size_t plain = skip_eights(text, any_control);
  return plain == text.size() || all_of_class(text.substr(plain), kHeaderByte);
}

// A request line: what kLineByte allows.
inline bool is_line_text(std::string_view text) {
  const std::size_t plain = skip_eights(
      text, [](EightBytes bytes) { return any_above_ascii(bytes) | any_control(bytes); });
  return plain == text.size() || all_of_class(text.substr(plain), kLineByte);
}

inline bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace twindow::net
