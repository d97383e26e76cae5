// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/sid.h"

#include <set>

#include <gtest/gtest.h>

namespace twindow {
namespace {

const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};
const AccountSid kOther{"AC0123456789abcdef0123456789abcdee"};

TEST(Sid, HasTwoLettersAndThirtyTwoHexDigits) {
  EXPECT_TRUE(parse_account_sid("AC0123456789abcdef0123456789ABCDEF"));
  EXPECT_FALSE(parse_account_sid("AC0123456789abcdef0123456789abcde"));
  EXPECT_FALSE(parse_account_sid("AC0123456789abcdef0123456789abcdefa"));
  EXPECT_FALSE(parse_account_sid("AC0123456789abcdef0123456789abcdeg"));
  EXPECT_FALSE(parse_account_sid("ac0123456789abcdef0123456789abcdef"));
  EXPECT_TRUE(parse_message_sid("MM0123456789abcdef0123456789abcdef"));
  EXPECT_TRUE(parse_message_sid("SM0123456789abcdef0123456789abcdef"));
  EXPECT_FALSE(parse_message_sid("MG0123456789abcdef0123456789abcdef"));
}

TEST(SidSource, SameSeedSameSids) {
  SidSource first(63016, kAccount);
  SidSource second(63016, kAccount);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(first.next("SM"), second.next("SM"));
  EXPECT_NE(SidSource(63016, kOther).next("SM"), SidSource(63016, kAccount).next("SM"));
  EXPECT_NE(SidSource(1, kAccount).next("SM"), SidSource(2, kAccount).next("SM"));
}

TEST(SidSource, MakesValidSidsThatNeverRepeat) {
  SidSource source(1, kAccount);
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    const std::string sid = source.next("SM");
    EXPECT_TRUE(parse_message_sid(sid)) << sid;
    EXPECT_TRUE(seen.insert(sid).second);
  }
}

TEST(SidSource, GoesOnWhereItsCounterWas) {
  SidSource first(1, kAccount);
  first.next("SM");
  SidSource resumed(1, kAccount);
  resumed.resume_at(first.counter());
  EXPECT_EQ(resumed.next("SM"), first.next("SM"));
}

TEST(SidSource, MakesUuidsOfVersionFour) {
  const std::string uuid = SidSource(1, kAccount).next_uuid();
  EXPECT_EQ(uuid.size(), 36u);
  EXPECT_EQ(uuid[8], '-');
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
}

}  // namespace
}  // namespace twindow
