// SPDX-License-Identifier: Apache-2.0
// UTF-8 read one character at a time (RFC 3629: no surrogates, no overlong forms, at most
// U+10FFFF). Constexpr, so that tables can be made of literals.
#pragma once

#include <cstddef>
#include <string_view>

namespace twindow {

inline constexpr char32_t kReplacement = 0xFFFD;
inline constexpr std::string_view kReplacementUtf8 = "\xEF\xBF\xBD";

struct Utf8Char {
  char32_t code = kReplacement;
  std::size_t size = 1;  // bytes; 1 for a byte that is no part of valid UTF-8
  bool valid = false;
};

// The character at `at`, which must be within `text`. Never reads beyond `text`.
constexpr Utf8Char utf8_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1, true};

  std::size_t size = 0;
  char32_t code = 0;
  char32_t least = 0;
  if ((first & 0xE0) == 0xC0) {
    size = 2, code = first & 0x1F, least = 0x80;
  } else if ((first & 0xF0) == 0xE0) {
    size = 3, code = first & 0x0F, least = 0x800;
  } else if ((first & 0xF8) == 0xF0) {
    size = 4, code = first & 0x07, least = 0x10000;
  } else {
    return {};
  }
  if (size > text.size() - at) return {};
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3F);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < least || surrogate || code > 0x10FFFF) return {};
  return {code, size, true};
}

// Where the first byte stands that is no part of valid UTF-8; npos if all is valid.
constexpr std::size_t find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    if (!c.valid) return at;
    at += c.size;
  }
  return std::string_view::npos;
}

}  // namespace twindow
