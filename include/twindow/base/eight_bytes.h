// SPDX-License-Identifier: Apache-2.0
// Eight bytes of a text looked at as one number, for what looks at every byte of every call. The
// results do not depend on the machine's byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace twindow {

using EightBytes = std::uint64_t;

constexpr EightBytes eight_of(unsigned char byte) { return 0x0101010101010101u * byte; }
inline constexpr EightBytes kHighBits = eight_of(0x80);

inline EightBytes load_eight(const char* from) {
  EightBytes bytes = 0;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

// Not 0 if any of them is below `bound` (at most 0x80), is `wanted`, is not ASCII.
constexpr EightBytes any_below(EightBytes bytes, unsigned char bound) {
  return (bytes - eight_of(bound)) & ~bytes & kHighBits;
}
constexpr EightBytes any_is(EightBytes bytes, char wanted) {
  return any_below(bytes ^ eight_of(static_cast<unsigned char>(wanted)), 1);
}
constexpr EightBytes any_above_ascii(EightBytes bytes) { return bytes & kHighBits; }
constexpr EightBytes any_control(EightBytes bytes) {
  return any_below(bytes, 0x20) | any_is(bytes, '\x7f');
}

// 1 in each byte that is `wanted`, 0 in the others; all of them must be ASCII.
constexpr EightBytes ones_where(EightBytes ascii, char wanted) {
  const EightBytes others = ascii ^ eight_of(static_cast<unsigned char>(wanted));
  return (((others + eight_of(0x7f)) & kHighBits) ^ kHighBits) >> 7;
}

// How many bytes of `text`, a multiple of eight, come before eight that `stops` answers with
// anything but 0; the rest, less than eight or those, is for the caller to look at one by one.
template <class Stops>
std::size_t skip_eights(std::string_view text, const Stops& stops) {
  std::size_t at = 0;
  while (text.size() - at >= 8 && stops(load_eight(text.data() + at)) == 0) at += 8;
  return at;
}

}  // namespace twindow
