// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/segments.h"

#include <algorithm>
#include <array>

#include "twindow/base/utf8.h"

namespace twindow {

namespace {

// The basic table in the order of its septets, without the 28th: the escape to the extension is no
// character.
constexpr std::u32string_view kBasic =
    U"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    U"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
constexpr std::u32string_view kExtension = U"\f^{}\\[~]|€";

static_assert(kBasic.size() == 127);
static_assert(kExtension.size() == 10);

constexpr char32_t kCodeEnd = 0x400;  // of the basic table; the extension's '€' lies beyond

constexpr auto kSeptets = [] {
  std::array<unsigned char, kCodeEnd> septets{};
  for (const char32_t c : kBasic) septets[c] = 1;
  for (const char32_t c : kExtension) {
    if (c < kCodeEnd) septets[c] = 2;
  }
  return septets;
}();

// 1 or 2; 0 if GSM-7 has no such character.
int septets_of(char32_t code) {
  if (code == U'€') return 2;
  return code < kCodeEnd ? kSeptets[code] : 0;
}

int utf16_units_of(char32_t code) { return code > 0xFFFF ? 2 : 1; }

// Segments of characters that take `cost_of(code)` each and are never split.
template <class Cost>
int count(std::string_view text, Cost cost_of, int single_max, int part_max) {
  int total = 0;
  int parts = 1;
  int in_part = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    at += c.size;
    const int cost = cost_of(c.code);
    total += cost;
    if (in_part + cost > part_max) {
      ++parts;
      in_part = 0;
    }
    in_part += cost;
  }
  return total <= single_max ? 1 : parts;
}

}  // namespace

std::size_t utf16_length(std::string_view text) {
  std::size_t length = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    at += c.size;
    length += static_cast<std::size_t>(utf16_units_of(c.code));
  }
  return length;
}

bool fits_gsm7(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8_at(text, at);
    if (septets_of(c.code) == 0) return false;
    at += c.size;
  }
  return true;
}

int count_segments(std::string_view utf8_body) {
  if (fits_gsm7(utf8_body)) return count(utf8_body, septets_of, 160, 153);
  return count(utf8_body, utf16_units_of, 70, 67);
}

}  // namespace twindow
