// SPDX-License-Identifier: Apache-2.0
// What the control API says of who has written while nobody listened.
#include "tests/api/server_fixture.h"
#include "tests/support/fake_twilio.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;

class ControlBackfill : public testing::Test {
 protected:
  ControlBackfill() : server({.twilio = &twilio}) {
    server.state.mode = "proxy";
    twilio.own_senders = {{*parse_from(kShop)}};
    twilio.inbound.push_back({.sid = MessageSid{kUnknownSid},
                              .from = *parse_to(kAna),
                              .to = *parse_from(kShop),
                              .received = kStart - 1h});
    server.state.worlds.open(AccountSid{kAccount});
  }

  FakeTwilio twilio;
  Server server;
};

TEST_F(ControlBackfill, BeginsAndTellsHowFarItIs) {
  EXPECT_EQ(server.get("/windows/backfill")["backfills"][0]["state"], "idle");
  const Answer begun = server.admin("POST", "/windows/backfill");
  EXPECT_EQ(begun.status, 202);
  EXPECT_EQ(begun.json()["backfills"][0]["account_sid"], kAccount);
  Json told = server.get("/windows/backfill")["backfills"][0];
  for (int i = 0; i < 100 && told["state"] == "reading"; ++i) {
    told = server.get("/windows/backfill")["backfills"][0];
  }
  EXPECT_EQ(told["state"], "done");
  EXPECT_EQ(told["error"], nullptr);
  ASSERT_EQ(told["senders"].size(), 1u);
  const Json want{{"sender", kShop}, {"state", "done"}, {"since", "2026-01-04T09:00:00.000Z"},
                  {"pages", 1},      {"messages", 1},   {"users", 1},
                  {"error", nullptr}};
  EXPECT_EQ(told["senders"][0], want);
  EXPECT_EQ(server.get("/info")["backfills"][0]["state"], "done");
  EXPECT_EQ(server.get("/windows")["windows"][0]["last_inbound"], "2026-01-05T08:00:00.000Z");
}

TEST(ControlBackfillSimulated, IsOfNoUse) {
  Server server;
  server.send();
  EXPECT_EQ(server.admin("POST", "/windows/backfill").status, 409);
  EXPECT_FALSE(server.get("/info").contains("backfills"));
}

}  // namespace
}  // namespace twindow::test
