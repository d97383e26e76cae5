// SPDX-License-Identifier: Apache-2.0
// How long things took, in buckets.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace twindow::app {

// Thread-safe, without a lock.
class LatencyHistogram {
 public:
  // The upper bounds, inclusive; above the last there is one more bucket. An answer of our own
  // takes some 50 us, one of the real Twilio some 100 ms.
  static constexpr std::array kBounds = [] {
    using std::chrono::microseconds;
    return std::array{microseconds(50),        microseconds(100),       microseconds(250),
                      microseconds(500),       microseconds(1'000),     microseconds(2'500),
                      microseconds(5'000),     microseconds(10'000),    microseconds(25'000),
                      microseconds(50'000),    microseconds(100'000),   microseconds(250'000),
                      microseconds(500'000),   microseconds(1'000'000), microseconds(2'500'000),
                      microseconds(5'000'000), microseconds(10'000'000)};
  }();

  void add(std::chrono::microseconds took) {
    std::size_t bucket = 0;
    while (bucket < kBounds.size() && took > kBounds[bucket]) ++bucket;
    counts_[bucket].fetch_add(1, std::memory_order_relaxed);
    const auto us = took.count();
    sum_us_.fetch_add(us > 0 ? static_cast<std::uint64_t>(us) : 0, std::memory_order_relaxed);
  }

  // Of that bucket alone, not of those below it too.
  std::uint64_t count(std::size_t bucket) const {
    return counts_[bucket].load(std::memory_order_relaxed);
  }
  std::chrono::microseconds sum() const {
    return std::chrono::microseconds(sum_us_.load(std::memory_order_relaxed));
  }

 private:
  std::array<std::atomic<std::uint64_t>, kBounds.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_us_ = 0;
};

}  // namespace twindow::app
