// SPDX-License-Identifier: Apache-2.0
// A message that Twilio alone knows, and the scenario that it becomes.
#include "src/app/capture/from_twilio.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/app/capture/capture.h"
#include "src/app/scenario_file.h"
#include "tests/support/golden.h"

namespace twindow::app {
namespace {

using testing::HasSubstr;

const std::string kUser = "whatsapp:+5215512345678";
const std::string kShop = "whatsapp:+14155550100";

// As Twilio's resource tells of it: RFC 2822, numbers as texts.
Json resource(const std::string& status, const Json& code) {
  return {{"sid", "SM" + std::string(32, 'c')},
          {"account_sid", "AC0123456789abcdef0123456789abcdef"},
          {"direction", "outbound-api"},
          {"from", kShop},
          {"to", kUser},
          {"body", "Hola Ana, tu cita es mañana"},
          {"messaging_service_sid", nullptr},
          {"num_media", "0"},
          {"status", status},
          {"error_code", code},
          {"date_created", "Mon, 05 Jan 2026 09:00:00 +0000"},
          {"date_sent", "Mon, 05 Jan 2026 09:00:01 +0000"},
          {"date_updated", "Mon, 05 Jan 2026 09:00:04 +0000"}};
}

Json wrote(const std::string& when) {
  return {{"messages", Json::array({{{"from", kUser}, {"to", kShop}, {"date_sent", when}}})}};
}

std::string captured(const Json& message, const Json& inbounds) {
  return captured_scenario(material_from_twilio(message, inbounds), {});
}

TEST(FromTwilio, IsTheFileThatIsExpected) {
  std::string text =
      captured(resource("undelivered", 63016), wrote("Sun, 04 Jan 2026 07:57:00 +0000"));
  EXPECT_TRUE(parse_scenario(text, "captured.json", {}, {Environment{}}));
  text.pop_back();
  test::expect_golden("capture/from_twilio.out.jsonc", text);
}

TEST(FromTwilio, TheWindowIsWhatTheUserWroteBefore) {
  const auto state = [](const Json& inbounds) {
    const Json made = material_from_twilio(resource("delivered", nullptr), inbounds);
    return text_at(member_at(member_at(made, "message"), "window"), "state");
  };
  EXPECT_EQ(state(wrote("Sun, 04 Jan 2026 09:00:01 +0000")), "open");
  EXPECT_EQ(state(wrote("Sun, 04 Jan 2026 09:00:00 +0000")), "closed");
  EXPECT_EQ(state(wrote("Mon, 05 Jan 2026 09:00:01 +0000")), "closed") << "written afterwards";
  EXPECT_EQ(state({{"messages", Json::array()}}), "closed");
  EXPECT_EQ(state(Json()), "unknown");
}

TEST(FromTwilio, EachStatusHasAWay) {
  for (const char* status : {"queued", "accepted", "scheduled", "sending", "sent", "delivered",
                             "read", "undelivered", "failed", "canceled"}) {
    const std::string text = captured(resource(status, nullptr), Json());
    const auto loaded = parse_scenario(text, "captured.json", {}, {Environment{}});
    EXPECT_TRUE(loaded) << (loaded ? "" : to_text(loaded.error().front())) << text;
  }
  EXPECT_THAT(captured(resource("read", nullptr), Json()), HasSubstr("\"delivered\""));
}

TEST(FromTwilio, InboundsAreAskedForByTheirPairAndTheTimeOfTheSend) {
  EXPECT_EQ(inbounds_before(resource("sent", nullptr)),
            "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json"
            "?From=whatsapp%3A%2B5215512345678&To=whatsapp%3A%2B14155550100"
            "&DateSent%3C=2026-01-05T09%3A00%3A01Z&PageSize=20");
}

TEST(FromTwilio, WhatIsMissingIsNoReasonToFail) {
  EXPECT_THAT(captured(Json::object(), Json::object()), HasSubstr("\"steps\""));
}

}  // namespace
}  // namespace twindow::app
