// SPDX-License-Identifier: Apache-2.0
// An app's own tests, with Twilio in the same process: no credentials, no network, no waiting.
#include "reminders.h"

#include <gmock/gmock.h>

#include "twindow/testing/gtest.h"

namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using twindow::testing::Callback;

constexpr const char* kShop = "whatsapp:+14155550100";
constexpr const char* kGuest = "whatsapp:+15555550123";

class RemindersTest : public twindow::testing::SimulatorTest {
 protected:
  void SetUp() override {
    SimulatorTest::SetUp();
    app_.emplace(
        Reminders::Twilio{twilio().base_url(), twilio().account_sid(), twilio().auth_token()},
        kShop);
  }
  void TearDown() override {
    app_.reset();
    SimulatorTest::TearDown();
  }

  std::optional<Reminders> app_;
};

TEST_F(RemindersTest, AGuestWhoHasJustWrittenGetsIt) {
  must(twilio().inbound(kGuest, kShop, "A table for two?"));
  const std::string sid = app_->remind(kGuest);
  EXPECT_EQ(app_->state(sid), "pending");
  must(twilio().advance(5s));
  EXPECT_EQ(app_->state(sid), "delivered");
}

TEST_F(RemindersTest, ADayLaterItIsUndeliveredAndTheAppKnows) {
  must(twilio().inbound(kGuest, kShop, "A table for two?"));
  must(twilio().advance(25h));
  EXPECT_EQ(must(twilio().window(kShop, kGuest)), "closed");

  const std::string sid = app_->remind(kGuest);
  EXPECT_EQ(must(twilio().message(sid)).status, "queued");
  must(twilio().advance(5s));

  EXPECT_EQ(app_->state(sid), "undelivered");
  EXPECT_EQ(must(twilio().message(sid)).error_code, 63016);
  EXPECT_THAT(must(twilio().why(sid)), HasSubstr("Outside the allowed window"));
  EXPECT_THAT(must(twilio().callbacks(sid)),
              ElementsAre(Field(&Callback::message_status, "undelivered")));
}

TEST_F(RemindersTest, TooManyRequestsAreNoReminder) {
  must(twilio().faults(R"([{ "respond": { "status": 429 }, "times": 1 }])"));
  EXPECT_EQ(app_->remind(kGuest), "20429");
  EXPECT_THAT(must(twilio().messages()), ElementsAre());
}

}  // namespace
