// SPDX-License-Identifier: Apache-2.0
// /__admin/clock: what time it is, and making it later.
#include "tests/api/server_fixture.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ControlClock : public testing::Test {
 protected:
  std::string now(const std::string& account) {
    return server.get("/clock?account=" + account)["now"];
  }
  std::string base() { return server.get("/clock")["now"]; }
  Server server;
};

TEST_F(ControlClock, TellsTheTimeOfTheServerAndOfEachAccount) {
  server.send();
  const Json expected{{"mode", "manual"},
                      {"now", "2026-01-05T09:00:00.000Z"},
                      {"accounts",
                       {{{"account_sid", kAccount},
                         {"mode", "manual"},
                         {"now", "2026-01-05T09:00:00.000Z"},
                         {"next_event", "2026-01-05T09:00:02.000Z"},
                         {"advancing", false}}}}};
  EXPECT_EQ(server.get("/clock").dump(2), expected.dump(2));
  server.advance("2s");
  EXPECT_TRUE(server.get("/clock")["accounts"][0]["next_event"].is_null());
}

TEST_F(ControlClock, AManualClockDoesNotMindTheWall) {
  server.send();
  server.wall.time += 48h;
  EXPECT_EQ(base(), "2026-01-05T09:00:00.000Z");
  EXPECT_EQ(now(kAccount), "2026-01-05T09:00:00.000Z");
}

TEST_F(ControlClock, AdvanceAnswersWhatHappened) {
  const std::string sid = server.send();
  const Json json = server.ok("POST", "/clock/advance", R"({"by":"24h"})");
  EXPECT_EQ(json["now"], "2026-01-06T09:00:00.000Z");
  EXPECT_EQ(json["accounts"], Json::array({kAccount}));
  EXPECT_THAT(column(json["events"], "type"),
              ElementsAre("message.undelivered", "callback", "clock.advanced"));
  EXPECT_EQ(json["events"][0]["message"]["sid"], sid);
  EXPECT_EQ(json["events"][0]["at"], "2026-01-05T09:00:02.000Z");
  EXPECT_EQ(json["events"][1]["callback"]["status"], 204);
  EXPECT_EQ(json["events"][2]["now"], "2026-01-06T09:00:00.000Z");
  EXPECT_EQ(json["events"][2]["text"], "advanced 24h");
  EXPECT_THAT(server.app.statuses(), ElementsAre("undelivered 63016"));
}

TEST_F(ControlClock, AdvanceTellsOfWindowsThatClose) {
  server.receive();
  const Json json = server.ok("POST", "/clock/advance", "by=24h");
  EXPECT_THAT(column(json["events"], "type"),
              ElementsAre("window-closing-soon", "window.closed", "clock.advanced"));
  EXPECT_EQ(json["events"][0]["at"], "2026-01-06T08:00:00.000Z");
  EXPECT_EQ(json["events"][0]["closes"], "2026-01-06T09:00:00.000Z");
  EXPECT_EQ(json["events"][0]["window"]["state"], "open");
  EXPECT_EQ(json["events"][1]["window"]["state"], "closed");
  EXPECT_EQ(json["events"][1]["at"], "2026-01-06T09:00:00.000Z");
}

TEST_F(ControlClock, AdvanceByNothingRunsWhatIsDue) {
  const Json json = server.ok("POST", "/clock/advance", R"({"by":"0s"})");
  EXPECT_EQ(json["now"], "2026-01-05T09:00:00.000Z");
  EXPECT_THAT(json["accounts"], IsEmpty());
}

TEST_F(ControlClock, LaterAccountsBeginAtTheTimeThatWasAdvancedForAll) {
  server.send(kAccount);
  server.advance("24h");
  server.advance("5h", kAccount);
  server.send(kSecond);
  EXPECT_EQ(now(kSecond), "2026-01-06T09:00:00.000Z");
  EXPECT_EQ(now(kAccount), "2026-01-06T14:00:00.000Z");
  EXPECT_EQ(base(), "2026-01-06T09:00:00.000Z");
}

TEST_F(ControlClock, AnAdvanceBeforeAnyAccountCountsToo) {
  server.advance("1h");
  server.send(kAccount);
  EXPECT_EQ(now(kAccount), "2026-01-05T10:00:00.000Z");
}

TEST_F(ControlClock, AnAccountThatIsNotThereYetCanBeAdvancedAlone) {
  server.advance("3h", kThird);
  EXPECT_EQ(now(kThird), "2026-01-05T12:00:00.000Z");
  EXPECT_EQ(base(), "2026-01-05T09:00:00.000Z");
}

TEST_F(ControlClock, PutSetsTheTimeForAll) {
  server.send(kAccount);
  const Json json = server.ok("PUT", "/clock", R"({"now":"2026-02-01T00:00:00Z"})");
  EXPECT_EQ(json["now"], "2026-02-01T00:00:00.000Z");
  EXPECT_EQ(json["accounts"][0]["now"], "2026-02-01T00:00:00.000Z");
  EXPECT_THAT(server.app.statuses(), ElementsAre("undelivered 63016")) << "what was due has run";
  server.send(kSecond);
  EXPECT_EQ(now(kSecond), "2026-02-01T00:00:00.000Z");
}

TEST_F(ControlClock, PutForOneAccountLeavesTheOthers) {
  server.send(kAccount);
  const Json json = server.ok("PUT", "/clock?account=" + kSecond, "now=2026-02-01T00:00:00Z");
  EXPECT_EQ(json["now"], "2026-02-01T00:00:00.000Z");
  EXPECT_EQ(json["accounts"].size(), 1U);
  EXPECT_EQ(now(kAccount), "2026-01-05T09:00:00.000Z");
  EXPECT_EQ(base(), "2026-01-05T09:00:00.000Z");
}

TEST_F(ControlClock, PutSetsTheMode) {
  server.send(kAccount);
  const Json json = server.ok("PUT", "/clock", R"({"mode":"real"})");
  EXPECT_EQ(json["mode"], "real");
  EXPECT_EQ(json["accounts"][0]["mode"], "real");
  server.wall.time += 1h;
  EXPECT_EQ(base(), "2026-01-05T10:00:00.000Z");
  EXPECT_EQ(server.ok("PUT", "/clock", R"({"mode":"manual"})")["now"], "2026-01-05T10:00:00.000Z");
  server.wall.time += 1h;
  EXPECT_EQ(base(), "2026-01-05T10:00:00.000Z") << "time goes on from where it was";
  EXPECT_EQ(now(kAccount), "2026-01-05T10:00:00.000Z");
}

TEST_F(ControlClock, PutOfTheModeForOneLeavesTheServers) {
  const Json json = server.ok("PUT", "/clock?account=" + kAccount, R"({"mode":"auto"})");
  EXPECT_EQ(json["mode"], "manual");
  EXPECT_EQ(json["accounts"][0]["mode"], "auto");
}

TEST_F(ControlClock, BackInTimeIs409AndMovesNothing) {
  server.send(kAccount);
  const Answer all = server.admin("PUT", "/clock", R"({"now":"2026-01-05T08:59:59.999Z"})");
  EXPECT_EQ(all.status, 409);
  EXPECT_THAT(all.detail(), HasSubstr("never goes back"));
  const Answer one = server.admin("PUT", "/clock?account=" + kAccount, "now=2025-01-01");
  EXPECT_EQ(one.status, 409);
  EXPECT_EQ(base(), "2026-01-05T09:00:00.000Z");
  EXPECT_EQ(now(kAccount), "2026-01-05T09:00:00.000Z");
  EXPECT_EQ(server.admin("PUT", "/clock", R"({"now":"2026-01-05T09:00:00Z"})").status, 200);
}

TEST_F(ControlClock, ATimeBeforeThatOfOneAccountMovesNone) {
  server.send(kAccount);
  server.send(kSecond);
  server.advance("10h", kSecond);
  const Answer answer =
      server.admin("PUT", "/clock", R"({"now":"2026-01-05T12:00:00Z","mode":"real"})");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(now(kAccount), "2026-01-05T09:00:00.000Z");
  EXPECT_EQ(now(kSecond), "2026-01-05T19:00:00.000Z");
  EXPECT_EQ(server.get("/clock")["mode"], "manual");
  EXPECT_EQ(server.get("/clock")["accounts"][0]["mode"], "manual");
}

// Asks, from within a callback, for what cannot be while the clock waits for that callback.
Task<void> ask_within(wire::Handler control, std::string target, std::string body, Answer& heard) {
  wire::HttpCall call{.method = "POST", .target = std::move(target), .body = std::move(body)};
  wire::HttpReply reply = co_await control(std::move(call));
  heard = Server::as_answer(std::move(reply));
}

TEST_F(ControlClock, WhileOneAdvanceRunsAnotherIs409) {
  Answer heard;
  server.app.before_answer = [&](const Webhook&) {
    return ask_within(server.control, "/__admin/clock/advance", R"({"by":"1h"})", heard);
  };
  server.send(kSecond);
  server.send(kAccount);
  server.advance("2s", kSecond);
  EXPECT_EQ(heard.status, 409) << heard.body;
  EXPECT_THAT(heard.detail(), HasSubstr("advanced already"));
  EXPECT_EQ(now(kSecond), "2026-01-05T09:00:02.000Z");
  EXPECT_EQ(now(kAccount), "2026-01-05T09:00:00.000Z") << "a refused advance moves nobody";
  EXPECT_EQ(base(), "2026-01-05T09:00:00.000Z") << "a refused advance moves nothing";
}

TEST_F(ControlClock, AnotherAccountMayBeAdvancedMeanwhile) {
  Answer heard;
  server.send(kSecond);
  server.app.before_answer = [&](const Webhook&) {
    return ask_within(server.control, "/__admin/clock/advance?account=" + kAccount,
                      R"({"by":"1h"})", heard);
  };
  server.advance("2s", kSecond);
  EXPECT_EQ(heard.status, 200) << heard.body;
  EXPECT_EQ(now(kAccount), "2026-01-05T10:00:00.000Z");
}

TEST(ControlClockReal, GoesOnWithTheWallAndWhatWasAdvanced) {
  ServerOptions options;
  options.clock = gateway::ClockMode::Real;
  Server server(std::move(options));
  server.advance("24h");
  server.worlds.open(AccountSid{kAccount});
  server.wall.time += 1h;
  const Json clock = server.get("/clock");
  EXPECT_EQ(clock["mode"], "real");
  EXPECT_EQ(clock["now"], "2026-01-06T10:00:00.000Z");
  EXPECT_EQ(clock["accounts"][0]["now"], "2026-01-06T10:00:00.000Z");
}

}  // namespace
}  // namespace twindow::test
