// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/random.h"

#include "twindow/base/check.h"

namespace twindow {

namespace {

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15u;

// FNV-1a, 64 bits: names are short and few, and the result is mixed before use.
std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3u;
  }
  return hash;
}

}  // namespace

std::uint64_t mix64(std::uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  return bits ^ (bits >> 31);
}

std::uint64_t Random::next() {
  state_ += kGolden;
  return mix64(state_);
}

std::uint64_t Random::below(std::uint64_t bound) {
  TWINDOW_CHECK(bound > 0);
  // Numbers under this threshold would make the low results more frequent.
  const std::uint64_t threshold = (0 - bound) % bound;
  for (;;) {
    const std::uint64_t drawn = next();
    if (drawn >= threshold) return drawn % bound;
  }
}

Duration Random::up_to(Duration bound) {
  TWINDOW_CHECK(bound.count() >= 0);
  return Duration(static_cast<Duration::rep>(below(static_cast<std::uint64_t>(bound.count()) + 1)));
}

Random Random::fork(std::string_view stream) const {
  return Random(mix64(seed_ ^ mix64(hash_name(stream) + kGolden)));
}

}  // namespace twindow
