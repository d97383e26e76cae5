// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace twindow::app {
namespace {

using testing::ElementsAre;

Json inbound(const std::string& at) {
  return {{"sid", "SM1"},       {"direction", "inbound"}, {"from", "whatsapp:+15555550123"},
          {"date_created", at}, {"body", "Hello\x01"},    {"timeline", Json::array()}};
}

Json sent(const std::string& at, const std::string& ended) {
  return {{"sid", "SM2"},
          {"direction", "outbound-api"},
          {"kind", "freeform"},
          {"to", "whatsapp:+15555550123"},
          {"date_created", at},
          {"body", std::string(80, 'x')},
          {"window", {{"state", "closed"}}},
          {"timeline",
           {{{"at", at}, {"event", "status"}, {"text", "queued"}},
            {{"at", ended}, {"event", "status"}, {"text", "undelivered 63016"}}}}};
}

Json told(const std::string& at) {
  return {{"type", "status"},
          {"at", at},
          {"message_sid", "SM2"},
          {"message_status", "undelivered"},
          {"url", "https://app.example.com/s"},
          {"status", 0},
          {"error", "refused"}};
}

TEST(Timeline, IsInTheOrderOfTime) {
  World world;
  world.messages = {inbound("2026-01-05T09:00:00.000Z"),
                    sent("2026-01-05T09:00:01.000Z", "2026-01-05T09:00:03.000Z")};
  world.callbacks = {told("2026-01-05T09:00:03.000Z")};
  EXPECT_THAT(
      timeline_of(world),
      ElementsAre("09:00:00.000 --> inbound whatsapp:+15555550123 [SM1] \"Hello \"",
                  "09:00:01.000 <-- freeform to whatsapp:+15555550123, window closed [SM2] \"" +
                      std::string(60, 'x') + "…\"",
                  "09:00:03.000     undelivered 63016 [SM2]",
                  "09:00:03.000     [---] status webhook undelivered https://app.example.com/s: "
                  "refused"));
}

TEST(Timeline, NamesTheDayWhereThereAreSeveral) {
  World world;
  world.messages = {inbound("2026-01-05T09:00:00.000Z"),
                    sent("2026-01-06T10:00:00.000Z", "2026-01-06T10:00:02.000Z")};
  const auto lines = timeline_of(world);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines.front().substr(0, 28), "2026-01-05 09:00:00.000 --> ");
  EXPECT_EQ(lines.back(), "2026-01-06 10:00:02.000     undelivered 63016 [SM2]");
}

TEST(Timeline, OfNothingIsEmpty) { EXPECT_TRUE(timeline_of({}).empty()); }

}  // namespace
}  // namespace twindow::app
