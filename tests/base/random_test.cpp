// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/random.h"

#include <set>

#include <gtest/gtest.h>

namespace twindow {
namespace {

TEST(Random, GivesTheSameNumbersOnEveryMachine) {
  Random random(63016);
  EXPECT_EQ(random.next(), 9848296247008474423u);
  EXPECT_EQ(Random(0).next(), 16294208416658607535u);  // the published first value of SplitMix64
}

TEST(Random, ForksDependOnTheNameNotOnWhatWasDrawn) {
  Random drawn(7);
  const Random fresh(7);
  drawn.next();
  EXPECT_EQ(drawn.fork("delays").next(), fresh.fork("delays").next());
  EXPECT_NE(fresh.fork("delays").next(), fresh.fork("faults").next());
}

TEST(Random, BelowStaysBelowAndReachesAll) {
  Random random(1);
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random.below(7));
  EXPECT_EQ(seen, (std::set<std::uint64_t>{0, 1, 2, 3, 4, 5, 6}));
}

TEST(Random, UpToIncludesItsBounds) {
  Random random(1);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 200; ++i) seen.insert(random.up_to(Duration(2)).count());
  EXPECT_EQ(seen, (std::set<std::int64_t>{0, 1, 2}));
  EXPECT_EQ(random.up_to(Duration(0)), Duration(0));
}

}  // namespace
}  // namespace twindow
