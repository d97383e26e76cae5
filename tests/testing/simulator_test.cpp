// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "twindow/testing/gtest.h"

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using twindow::Errc;
using twindow::testing::Clock;
using twindow::testing::Message;
using twindow::testing::Simulator;
using twindow::testing::SimulatorOptions;

constexpr const char* kShop = "whatsapp:+14155550100";
constexpr const char* kAna = "whatsapp:+15555550123";
constexpr const char* kBen = "whatsapp:+15555550124";

class SimulatorApi : public twindow::testing::SimulatorTest {
 protected:
  std::string hear(const std::string& from, const std::string& body) {
    return must(twilio().inbound(from, kShop, body)).sid;
  }
};

TEST_F(SimulatorApi, HasItsOwnPortsAndItsAccount) {
  EXPECT_THAT(twilio().base_url(), HasSubstr("http://127.0.0.1:"));
  EXPECT_NE(twilio().base_url(), twilio().control_url());
  const auto info = must(twilio().call("GET", "/__admin/info"));
  EXPECT_EQ(info.status, 200);
  EXPECT_THAT(info.body, HasSubstr(twilio().account_sid()));
  EXPECT_EQ(must(twilio().now()), "2026-01-05T09:00:00.000Z");
}

TEST_F(SimulatorApi, AUserOpensTheWindowAndADayClosesIt) {
  EXPECT_EQ(must(twilio().window(kShop, kAna)), "none");
  const std::string sid = hear(kAna, "hi");
  EXPECT_EQ(must(twilio().window(kShop, kAna)), "open");
  const Message message = must(twilio().message(sid));
  EXPECT_EQ(message.direction, "inbound");
  EXPECT_EQ(message.body, "hi");
  must(twilio().advance(24h));
  EXPECT_EQ(must(twilio().window(kShop, kAna)), "closed");
  EXPECT_EQ(must(twilio().now()), "2026-01-06T09:00:00.000Z");
}

TEST_F(SimulatorApi, ListsFromTheOldestOnAndAllOfThem) {
  for (int i = 0; i < 1001; ++i) hear(i % 2 == 0 ? kAna : kBen, std::to_string(i));
  const auto all = must(twilio().messages());
  ASSERT_EQ(all.size(), 1001U);
  EXPECT_EQ(all.front().body, "0");
  EXPECT_EQ(all.back().body, "1000");
  EXPECT_EQ(must(twilio().messages("from:" + std::string(kBen))).size(), 500U);
}

TEST_F(SimulatorApi, MistakesAreSentences) {
  const auto nobody = twilio().message("SM00000000000000000000000000000000");
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, Errc::NotFound);
  const auto wrong = twilio().faults(R"([{"respond":{"status":7}}])");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().detail, HasSubstr("/faults/0/respond/status: "));
  const auto broken = twilio().scenario("{");
  ASSERT_FALSE(broken);
  EXPECT_FALSE(broken.error().detail.empty());
  const auto odd = twilio().inbound("\xff", kShop, "hi");
  ASSERT_FALSE(odd);
  EXPECT_THAT(odd.error().detail, HasSubstr("From: "));
}

TEST_F(SimulatorApi, TakesAScenario) {
  must(twilio().scenario(R"({ "version": 1, "name": "ana has written",
      "given": { "windows": [{ "sender": "whatsapp:+14155550100", "user": "whatsapp:+15555550123",
                               "last_inbound": "-23h" }] } })"));
  EXPECT_EQ(must(twilio().window(kShop, kAna)), "open");
  must(twilio().advance(1h));
  EXPECT_EQ(must(twilio().window(kShop, kAna)), "closed");
}

TEST_F(SimulatorApi, ForgetsAndBeginsAnew) {
  const std::string first = hear(kAna, "hi");
  must(twilio().reset());
  EXPECT_THAT(must(twilio().messages()), IsEmpty());
  EXPECT_EQ(hear(kAna, "hi"), first) << "the same seed";
}

TEST_F(SimulatorApi, ManyStandBesideEachOther) {
  std::vector<Simulator> others;
  for (int i = 0; i < 5; ++i) {
    auto other = Simulator::start({.seed = 7});
    ASSERT_TRUE(other) << other.error().detail;
    others.push_back(*std::move(other));
  }
  must(others[0].inbound(kAna, kShop, "hi"));
  const auto first = must(others[0].messages());
  EXPECT_THAT(must(others[1].messages()), IsEmpty());
  must(others[1].inbound(kAna, kShop, "hi"));
  EXPECT_THAT(must(others[1].messages()), ElementsAre(Field(&Message::sid, first[0].sid)));
}

TEST(SimulatorStart, SaysWhatIsWrong) {
  const auto late = Simulator::start({.start = "tomorrow"});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().detail, "start: \"tomorrow\" is no time");
  const auto nobody = Simulator::start({.account_sid = "AC1"});
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, Errc::BadInput);
}

TEST(SimulatorStart, TakesWhatItIsTold) {
  SimulatorOptions options{.account_sid = "AC1123456789abcdef0123456789abcdef",
                           .auth_token = "secret",
                           .clock = Clock::Auto,
                           .start = "2020-02-03T04:05:06Z"};
  auto simulator = Simulator::start(options);
  ASSERT_TRUE(simulator) << simulator.error().detail;
  EXPECT_EQ(simulator->account_sid(), options.account_sid);
  const auto clock = simulator->call("GET", "/__admin/clock");
  ASSERT_TRUE(clock);
  EXPECT_THAT(clock->body, HasSubstr("\"auto\""));
  EXPECT_THAT(clock->body, HasSubstr("2020-02-03T04:05"));
}

}  // namespace
