// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/seen_tokens.h"

#include <gtest/gtest.h>

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;

const MessageSid kOne{"SM11111111111111111111111111111111"};
const MessageSid kTwo{"SM22222222222222222222222222222222"};

TEST(SeenTokens, SayWhoCameWithATokenFirst) {
  SeenTokens tokens;
  EXPECT_EQ(tokens.first_with("a", kOne, Time(0s)), std::nullopt);
  EXPECT_EQ(tokens.first_with("a", kTwo, Time(1h)), kOne);
  EXPECT_EQ(tokens.first_with("b", kTwo, Time(1h)), std::nullopt);
  tokens.clear();
  EXPECT_EQ(tokens.first_with("a", kTwo, Time(1h)), std::nullopt);
}

TEST(SeenTokens, AreForgottenAfterADay) {
  SeenTokens tokens;
  tokens.first_with("a", kOne, Time(0s));
  EXPECT_EQ(tokens.first_with("a", kTwo, Time(24h - 1ms)), kOne);
  EXPECT_EQ(tokens.first_with("a", kTwo, Time(24h)), std::nullopt);
  EXPECT_EQ(tokens.first_with("a", kOne, Time(47h)), kTwo) << "its day began anew";
  EXPECT_EQ(tokens.size(), 1u);
}

TEST(SeenTokens, TheOldestGoFirstWhereThereIsNoRoom) {
  SeenTokens tokens(2);
  for (const char* token : {"a", "b", "c"}) tokens.first_with(token, kOne, Time(0s));
  EXPECT_EQ(tokens.size(), 2u);
  EXPECT_EQ(tokens.first_with("c", kTwo, Time(0s)), kOne);
  EXPECT_EQ(tokens.first_with("a", kTwo, Time(0s)), std::nullopt);
}

TEST(SeenTokens, WhatIsForgottenMayComeAgain) {
  SeenTokens tokens;
  tokens.first_with("a", kOne, Time(0s));
  tokens.forget("a");
  EXPECT_EQ(tokens.first_with("a", kTwo, Time(1h)), std::nullopt);
  tokens.first_with("b", kOne, Time(24h));
  EXPECT_EQ(tokens.first_with("a", kOne, Time(24h)), kTwo) << "its day is not that of the first";
}

}  // namespace
}  // namespace twindow::gateway
