// SPDX-License-Identifier: Apache-2.0
// POST /__admin/messages/{sid}/capture: what a server knows of a message, and refuses to make up.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/app/capture/capture.h"
#include "tests/api/server_fixture.h"

namespace twindow::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class CapturedByCall : public testing::Test {
 protected:
  CapturedByCall() {
    server.state.capture = [this](const std::string& text, bool keep) {
      material = Json::parse(text, nullptr, false);
      kept = keep;
      return captured_scenario(material, {.keep = keep});
    };
  }
  test::Answer capture(const std::string& which, const std::string& body = "") {
    return server.admin("POST", "/messages/" + which + "/capture", body);
  }

  test::Server server;
  Json material;
  bool kept = false;
};

TEST_F(CapturedByCall, HasTheMessageItsSendAndItsCallbacksInOrder) {
  server.ok("PUT", "/senders?account=" + test::kAccount,
            R"({"senders":[{"address":")" + test::kShop + R"(","inbound_url":"https://a.b/in"}]})");
  server.receive();
  const std::string sid = server.send();
  server.advance("10s");
  const test::Answer answer = capture(sid);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.header("Cache-Control"), "no-store");
  EXPECT_THAT(answer.body, HasSubstr("\"steps\""));
  EXPECT_THAT(answer.body, Not(HasSubstr(sid)));
  EXPECT_EQ(material["mode"], "simulate");
  EXPECT_EQ(material["message"]["sid"], sid);
  EXPECT_EQ(material["send"]["Body"], "Hola");
  EXPECT_EQ(material["send"]["StatusCallback"], test::kStatusUrl);
  EXPECT_EQ(material["sender"]["inbound_url"], "https://a.b/in");
  EXPECT_THAT(test::column(material["callbacks"], "message_status"),
              ElementsAre("sent", "delivered"));
  EXPECT_FALSE(kept);
}

TEST_F(CapturedByCall, KeepsIfToldTo) {
  const std::string sid = server.send();
  EXPECT_THAT(capture(sid, R"({"keep":true})").body, HasSubstr("Hola"));
  EXPECT_TRUE(kept);
  EXPECT_THAT(capture(sid, R"({"keep":"perhaps"})").detail(), HasSubstr("keep must be true"));
  EXPECT_EQ(capture(sid, R"({"keep":"perhaps"})").status, 400);
}

TEST_F(CapturedByCall, AUserSMessageHasWhatTheAppWasTold) {
  const std::string sid = server.receive();
  EXPECT_THAT(capture(sid).body, HasSubstr("\"inbound\""));
  EXPECT_EQ(material["send"]["Body"], "hola");
}

TEST_F(CapturedByCall, WhatIsNotThereIsNotMadeUp) {
  server.send();
  EXPECT_EQ(capture(test::kUnknownSid).status, 404);
  EXPECT_THAT(capture(test::kUnknownSid).detail(), HasSubstr("no message " + test::kUnknownSid));
  EXPECT_EQ(capture(test::kAccount + ":7").status, 404);
  EXPECT_EQ(capture(test::kSecond + ":7").status, 404);
  EXPECT_EQ(capture("x").status, 400);
  EXPECT_EQ(server.admin("GET", "/messages/" + test::kUnknownSid + "/capture").status, 405);
  server.state.capture = nullptr;
  EXPECT_EQ(capture(test::kUnknownSid).status, 404);
}

}  // namespace
}  // namespace twindow::app
