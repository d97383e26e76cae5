// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/expected.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace twindow {
namespace {

using Answer = Expected<std::unique_ptr<int>, std::string>;

Answer half(int n) {
  if (n % 2 != 0) return Unexpected(std::string("odd"));
  return std::make_unique<int>(n / 2);
}

Answer quarter(int n) {
  const std::unique_ptr<int> once = TWINDOW_TRY(half(n));
  return half(*once);
}

TEST(Expected, HoldsAValueThatCanOnlyBeMoved) {
  auto got = half(4);
  ASSERT_TRUE(got.has_value());
  EXPECT_EQ(**got, 2);
}

TEST(Expected, TryPassesTheErrorOn) {
  EXPECT_EQ(**quarter(8), 2);
  EXPECT_EQ(quarter(7).error(), "odd");
  EXPECT_EQ(quarter(6).error(), "odd");
}

TEST(Expected, OfVoidIsOkOrAnError) {
  const Expected<void, std::string> ok;
  const Expected<void, std::string> bad = Unexpected(std::string("no"));
  EXPECT_TRUE(ok.has_value());
  EXPECT_EQ(bad.error(), "no");
}

TEST(ExpectedDeathTest, AsksForNoValueThatIsNotThere) {
  EXPECT_DEATH((void)*half(1), "broken invariant");
}

}  // namespace
}  // namespace twindow
