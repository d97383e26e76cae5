// SPDX-License-Identifier: Apache-2.0
// Chance that can be repeated: the same seed gives the same numbers on every machine and library.
// Never for secrets; those come from OpenSSL.
#pragma once

#include <cstdint>
#include <string_view>

#include "twindow/base/clock.h"

namespace twindow {

// Mixes 64 bits so that each output bit depends on each input bit; a bijection (the finalizer of
// SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
std::uint64_t mix64(std::uint64_t bits);

// A value: copies continue the same stream on their own. Not thread-safe.
class Random {
 public:
  explicit Random(std::uint64_t seed) : seed_(seed), state_(seed) {}

  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound);  // 0 ≤ n < bound, unbiased; `bound` > 0
  Duration up_to(Duration bound);            // 0 ≤ d ≤ bound, `bound` ≥ 0

  // An independent stream that depends on the seed and the name alone, not on how much was drawn
  // here: a draw added in one place moves nothing elsewhere.
  Random fork(std::string_view stream) const;

 private:
  std::uint64_t seed_;
  std::uint64_t state_;
};

}  // namespace twindow
