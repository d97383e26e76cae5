// SPDX-License-Identifier: Apache-2.0
// Counters whose keys come from outside: without a lock, without an allocation, and never more than
// a fixed number of them.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace twindow::app {

// Thread-safe. The first `kRows` different keys are counted one by one, the rest together. Keys are
// found by looking through the rows, since what is frequent comes early and so stands in front.
template <std::size_t kRows>
class CountTable {
 public:
  static constexpr std::uint64_t kNoKey = 0;  // may not be counted

  void add(std::uint64_t key) {
    for (Row& row : rows_) {
      std::uint64_t there = row.key.load(std::memory_order_relaxed);
      // A failed exchange says who was faster; it may have been the same key.
      if (there == kNoKey && row.key.compare_exchange_strong(there, key)) there = key;
      if (there != key) continue;
      row.count.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    others_.fetch_add(1, std::memory_order_relaxed);
  }

  // Calls `use(key, count)` for each key.
  template <class Use>
  void each(Use&& use) const {
    for (const Row& row : rows_) {
      const std::uint64_t key = row.key.load(std::memory_order_relaxed);
      if (key == kNoKey) return;
      if (const auto count = row.count.load(std::memory_order_relaxed)) use(key, count);
    }
  }
  std::uint64_t others() const { return others_.load(std::memory_order_relaxed); }

 private:
  struct Row {
    std::atomic<std::uint64_t> key = kNoKey;
    std::atomic<std::uint64_t> count = 0;
  };
  std::array<Row, kRows> rows_{};
  std::atomic<std::uint64_t> others_ = 0;
};

}  // namespace twindow::app
