// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/message_status.h"

#include <gtest/gtest.h>

namespace twindow {
namespace {

using enum MessageStatus;

TEST(MessageStatus, IsReadBackAsItWasWritten) {
  for (const auto& row : detail::kStatusTable) {
    EXPECT_EQ(parse_message_status(to_text(row.status)), row.status);
  }
  EXPECT_EQ(parse_message_status("Queued"), std::nullopt);
  EXPECT_EQ(parse_message_status(""), std::nullopt);
}

TEST(MessageStatus, LateNewsAreNotReachable) {
  EXPECT_TRUE(reachable(Queued, Delivered)) << "a lost `sent` does not hold `delivered` back";
  EXPECT_TRUE(reachable(Delivered, Read));
  EXPECT_FALSE(reachable(Read, Delivered));
  EXPECT_FALSE(reachable(Undelivered, Delivered));
  EXPECT_FALSE(reachable(Failed, Sent));
  EXPECT_FALSE(reachable(Canceled, Queued));
}

TEST(MessageStatus, TheFinalOnesLeadNowhereButToRead) {
  for (const auto& row : detail::kStatusTable) {
    if (row.final && row.status != Delivered) {
      EXPECT_EQ(row.next, 0u) << to_text(row.status);
    }
  }
}

}  // namespace
}  // namespace twindow
