// SPDX-License-Identifier: Apache-2.0
// The answer to "why was it not delivered?", word for word.
#include "src/api/why.h"

#include "tests/api/server_fixture.h"

namespace twindow::test {
namespace {

const std::string k63016 =
    "63016 Outside the allowed window. Cause: Free-form (or template text in Body) sent when no "
    "24-hour window is open, or a content type that cannot start a conversation. Seen as "
    "undelivered (no fee) and as failed (fee applies). Fix: Send an approved template by "
    "ContentSid, or wait for an inbound message.";
const std::string kWorked =
    " What would have worked: an approved template (ContentSid) at any time, or free text within "
    "24 h of a message of the user.";

class Why : public testing::Test {
 protected:
  Server server;
};

TEST_F(Why, TheUserNeverWrote) {
  const std::string sid = server.send();
  server.advance("2s");
  EXPECT_EQ(server.why(sid),
            "undelivered. " + k63016 +
                " whatsapp:+5215512345678 had never written to whatsapp:+14155550100, so there "
                "was no open window." +
                kWorked);
}

TEST_F(Why, TheUserWroteTwentyFiveHoursAgo) {
  server.receive();
  server.advance("25h3m");
  const std::string sid = server.send();
  server.advance("2s");
  EXPECT_EQ(server.why(sid),
            "undelivered. " + k63016 +
                " The user's last message was 25 h 3 min before the send "
                "(2026-01-05T09:00:00.000Z); the window had been closed for 1 h 3 min." +
                kWorked);
}

TEST_F(Why, TheWindowWasClosedByHand) {
  server.receive();
  server.advance("1m30s");
  server.ok("PUT", "/windows/" + kShop + "/" + kAna, R"({"state":"closed","last_inbound":"-90s"})");
  const std::string sid = server.send();
  server.advance("2s");
  EXPECT_EQ(server.why(sid), "undelivered. " + k63016 +
                                 " The user's last message was 1 min 30 s before the send "
                                 "(2026-01-05T09:00:00.000Z); the window had been closed by hand." +
                                 kWorked);
}

TEST_F(Why, ItWasDelivered) {
  server.receive();
  server.advance("42s");
  const std::string sid = server.send();
  server.advance("5s");
  EXPECT_EQ(server.why(sid),
            "delivered: nothing went wrong. The window was open: the user had last written 42 s "
            "before.");
}

TEST_F(Why, ItIsPending) {
  const std::string sid = server.send();
  EXPECT_EQ(server.why(sid),
            "queued. Not finished yet: it waits for its next status. whatsapp:+5215512345678 had "
            "never written to whatsapp:+14155550100, so there was no open window.");
}

TEST_F(Why, TheCallbackFailed) {
  server.app.http_status = 500;
  const std::string sid = server.send();
  server.advance("2s");
  EXPECT_EQ(server.why(sid),
            "undelivered. " + k63016 +
                " whatsapp:+5215512345678 had never written to whatsapp:+14155550100, so there "
                "was no open window." +
                kWorked +
                " The app may not know it: the app answered 500; Twilio does not repeat it "
                "(alert 11200).");
}

TEST_F(Why, AResendThatWentWellEndsTheWorry) {
  server.app.http_status = 500;
  const std::string sid = server.send();
  server.advance("2s");
  server.app.http_status = 204;
  const std::string id = server.get("/callbacks")["callbacks"][0]["id"];
  server.ok("POST", "/callbacks/" + id + "/resend");
  EXPECT_THAT(server.why(sid), testing::Not(testing::HasSubstr("may not know")));
}

TEST_F(Why, ThereIsNoCallbackUrl) {
  server.receive();
  const std::string sid = server.send(kAccount, kAna, "Hola", std::nullopt);
  server.advance("5s");
  EXPECT_EQ(server.why(sid),
            "delivered: nothing went wrong. The window was open: the user had last written 0 s "
            "before. The app was not told: the message has no StatusCallback and its sender "
            "none.");
}

TEST_F(Why, AnSmsFailureSpeaksOfNoWindow) {
  const std::string sid = server.send(kAccount, "+15558675310", "Hola", kStatusUrl, "+15005550006");
  const Json said{{"MessageSid", sid}, {"MessageStatus", "undelivered"}, {"ErrorCode", 30003}};
  server.ok("POST", "/simulate/message-status", said.dump());
  const std::string why = server.why(sid);
  EXPECT_THAT(why, testing::StartsWith("undelivered. 30003 "));
  EXPECT_THAT(why, testing::HasSubstr(" Cause: "));
  EXPECT_THAT(why, testing::HasSubstr(" Fix: "));
  EXPECT_THAT(why, testing::Not(testing::HasSubstr("window")));
}

TEST_F(Why, AnUnknownCodeIsNamed) {
  const std::string sid = server.send(kAccount, "+15558675310", "Hola", kStatusUrl, "+15005550006");
  const Json said{{"MessageSid", sid}, {"MessageStatus", "failed"}, {"ErrorCode", 99999}};
  server.ok("POST", "/simulate/message-status", said.dump());
  EXPECT_EQ(server.why(sid), "failed. 99999: not in the list of known codes.");
}

TEST_F(Why, AFailureWithoutCodeIsNotCalledWell) {
  const std::string sid = server.send(kAccount, "+15558675310", "Hola", kStatusUrl, "+15005550006");
  const Json said{{"MessageSid", sid}, {"MessageStatus", "failed"}};
  server.ok("POST", "/simulate/message-status", said.dump());
  EXPECT_EQ(server.why(sid), "failed. No error code was reported with it.");
}

TEST_F(Why, AnInboundMessageWasReceived) {
  const std::string sid = server.receive();
  EXPECT_EQ(server.why(sid), "received: an inbound message of whatsapp:+5215512345678.");
}

}  // namespace
}  // namespace twindow::test
