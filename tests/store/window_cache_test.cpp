// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/window_cache.h"

#include <gtest/gtest.h>

namespace twindow::store::sqlite {
namespace {

const WindowKey kAna{.sender = "whatsapp:+14155550100", .user = "+525512345678"};
const WindowKey kBen{.sender = "whatsapp:+14155550100", .user = "+15555550124"};

Window window_of(const WindowKey& key) {
  return {.key = key, .last_inbound = Time(), .user_spelling = key.user};
}

TEST(WindowCache, KnowsWhatWasReadAndThatThereWasNone) {
  WindowCache cache;
  EXPECT_EQ(cache.find(kAna), nullptr);
  cache.keep(kAna, window_of(kAna), cache.changes());
  cache.keep(kBen, std::nullopt, cache.changes());
  ASSERT_NE(cache.find(kAna), nullptr);
  EXPECT_EQ(*cache.find(kAna), window_of(kAna));
  ASSERT_NE(cache.find(kBen), nullptr);
  EXPECT_EQ(*cache.find(kBen), std::nullopt);
}

// A change by a name that is no number may be of any window.
TEST(WindowCache, KnowsNoUserByAnotherName) {
  const WindowKey id{.sender = kAna.sender, .user = "MX.1349"};
  WindowCache cache;
  cache.keep(id, window_of(id), cache.changes());
  EXPECT_EQ(cache.find(id), nullptr);
  cache.keep(kAna, window_of(kAna), cache.changes());
  cache.forget(id);
  EXPECT_EQ(cache.find(kAna), nullptr);
}

TEST(WindowCache, ForgetsOneOrAll) {
  WindowCache cache;
  cache.keep(kAna, window_of(kAna), cache.changes());
  cache.keep(kBen, window_of(kBen), cache.changes());
  cache.forget(kAna);
  EXPECT_EQ(cache.find(kAna), nullptr);
  EXPECT_NE(cache.find(kBen), nullptr);
  cache.forget_all();
  EXPECT_EQ(cache.find(kBen), nullptr);
}

TEST(WindowCache, KeepsNothingThatWasReadWhileSomethingChanged) {
  WindowCache cache;
  const std::uint64_t changes = cache.changes();
  cache.forget(kBen);
  cache.keep(kAna, window_of(kAna), changes);
  EXPECT_EQ(cache.find(kAna), nullptr);
}

}  // namespace
}  // namespace twindow::store::sqlite
