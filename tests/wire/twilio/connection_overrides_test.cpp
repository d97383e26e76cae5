// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/connection_overrides.h"

#include <gtest/gtest.h>

namespace twindow::wire {
namespace {

using namespace std::chrono_literals;

ConnectionOverrides read(const std::string& fragment) {
  return read_connection_overrides("https://hooks.example.com/cb?x=1" + fragment);
}

TEST(ConnectionOverrides, AreTwiliosDefaultsWithoutAny) {
  for (const char* fragment : {"", "#", "#section-2", "#ct&rt=", "#ct=99&rt=15001&tt=x&rc=6"}) {
    const auto read_ = read(fragment);
    EXPECT_FALSE(read_.connect_time || read_.read_time || read_.total_time) << fragment;
    EXPECT_EQ(read_.retries, 1) << fragment;
    EXPECT_TRUE(read_.retry_connect && !read_.retry_read && !read_.retry_4xx && !read_.retry_5xx);
    EXPECT_EQ(read_.problem, 0) << fragment;
  }
}

TEST(ConnectionOverrides, AreRead) {
  const auto all = read("#ct=2000&rt=5000&tt=12000&rc=3&rp=5xx,ct,rt&sni=n&e=ashburn,dublin-ix");
  EXPECT_EQ(all.connect_time, 2000ms);
  EXPECT_EQ(all.read_time, 5000ms);
  EXPECT_EQ(all.total_time, 12000ms);
  EXPECT_EQ(all.retries, 3);
  EXPECT_TRUE(all.retry_connect && all.retry_read && all.retry_5xx && !all.retry_4xx);
  EXPECT_FALSE(all.sni);
  EXPECT_EQ(all.problem, 0);
}

TEST(ConnectionOverrides, APolicyReplacesTheDefault) {
  EXPECT_FALSE(read("#rp=4xx").retry_connect);
  EXPECT_TRUE(read("#rp=all").retry_4xx);
}

TEST(ConnectionOverrides, RefuseAnEdgeAndAPolicyThatAreNotThere) {
  EXPECT_EQ(read("#e=atlantis").problem, 11240);
  EXPECT_EQ(read("#rp=6xx").problem, 11243);
}

}  // namespace
}  // namespace twindow::wire
