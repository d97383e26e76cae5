// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/fake_server.h"

namespace twindow::app {
namespace {

using namespace std::chrono_literals;
using scenario::Step;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string kAccount = "AC0123456789abcdef0123456789abcdef";

std::string at(const std::string& path, const std::string& query = {}) {
  return "/__admin" + path + "?account=" + kAccount + (query.empty() ? "" : "&" + query);
}

class PlayerTest : public testing::Test {
 protected:
  PlayerTest() {
    answer("GET " + at("/clock"),
           R"({"accounts":[{"mode":"auto","now":"2026-01-05T09:00:00.000Z"}]})");
    answer("GET " + at("/callbacks", "limit=1000"), R"({"callbacks":[]})");
    answer("GET " + at("/callbacks", "limit=1"), R"({"callbacks":[]})");
    answer("GET " + at("/messages", "limit=1000"), R"({"messages":[]})");
    answer("POST " + at("/clock/advance"), R"({"now":"2026-01-06T10:00:00.000Z"})");
    scenario_.targets = {{"app", "http://127.0.0.1:3000/", "https://app.example.com"}};
  }

  void answer(const std::string& call, std::string body, int status = 200) {
    server_.replies[call].push_back({status, std::move(body)});
  }
  template <class What>
  void step(What what, std::string name = "step") {
    scenario_.steps.push_back(
        {.where = "s.json:7:5", .name = std::move(name), .what = std::move(what)});
  }

  Outcome play() {
    test::FakeServer control(server_, "http://127.0.0.1:4011");
    Outcome outcome;
    Player player(scenario_, {.control = control,
                              .api_url = "http://127.0.0.1:4010",
                              .account = kAccount,
                              .auth_token = "token",
                              .http =
                                  [this](const net::PlainRequest& request) {
                                    asked_.push_back(request);
                                    return http_;
                                  },
                              .pause = [this](std::chrono::milliseconds time) { now_ += time; },
                              .now = [this] { return now_; },
                              .comes_to_rest = comes_to_rest_});
    player.play(outcome);
    return outcome;
  }

  scenario::Scenario scenario_;
  test::FakeServerScript server_;
  Result<net::PlainAnswer> http_ = net::PlainAnswer{.status = 200};
  std::vector<net::PlainRequest> asked_;
  bool comes_to_rest_ = false;
  std::chrono::steady_clock::time_point now_ = {};
};

TEST_F(PlayerTest, AnInboundMessageIsOneCall) {
  answer("POST " + at("/simulate/inbound-message"), R"({"MessageSid":"SM1"})");
  step(scenario::InboundStep{R"({"From":"whatsapp:+15555550123","Body":"hi"})"});
  EXPECT_EQ(play().verdict, Verdict::Passed);
  EXPECT_THAT(server_.calls, Contains("POST " + at("/simulate/inbound-message") +
                                      R"( {"From":"whatsapp:+15555550123","Body":"hi"})"));
}

TEST_F(PlayerTest, AListOfFaultsIsPutAsTheControlApiTakesIt) {
  answer("PUT " + at("/faults"), "{}");
  answer("PUT " + at("/faults"), "{}");
  step(scenario::FaultStep{R"([{"respond":{"status":503}}])"});
  step(scenario::FaultStep{R"({"faults":[]})"});
  EXPECT_EQ(play().verdict, Verdict::Passed);
  EXPECT_THAT(server_.calls,
              Contains("PUT " + at("/faults") + R"( {"faults":[{"respond":{"status":503}}]})"));
  EXPECT_THAT(server_.calls, Contains("PUT " + at("/faults") + R"( {"faults":[]})"));
}

// The clock is asked until the world has been silent for a while.
TEST_F(PlayerTest, AWorldWhoseTranscriptIsComparedComesToRest) {
  comes_to_rest_ = true;
  answer("GET " + at("/messages", "limit=1000"), R"({"messages":[{"sid":"SM1","status":"sent"}]})");
  answer("GET " + at("/messages", "limit=1000"),
         R"({"messages":[{"sid":"SM1","status":"delivered"}]})");
  EXPECT_EQ(play().verdict, Verdict::Passed);
  EXPECT_GE(now_.time_since_epoch(), 120ms);
  EXPECT_LT(now_.time_since_epoch(), 1s);
}

TEST_F(PlayerTest, WhatTheServerRefusesIsNoFailureOfTheApp) {
  answer("POST " + at("/simulate/inbound-message"), R"({"errors":[{"detail":"From is missing"}]})",
         400);
  step(scenario::InboundStep{"{}"}, "inbound");
  const Outcome outcome = play();
  EXPECT_EQ(outcome.verdict, Verdict::CannotRun);
  EXPECT_EQ(outcome.error, "s.json:7:5: inbound: the server answered 400: From is missing");
}

TEST_F(PlayerTest, AnAwaitTakesTheOldestThatNoOtherHasHad) {
  const std::string wait = "POST " + at("/messages/wait");
  answer(wait, R"({"messages":[{"sid":"SM1"},{"sid":"SM2"}]})");
  answer("GET " + at("/messages/SM2"), R"({"sid":"SM2","status":"sent"})");
  step(scenario::AwaitStep{.message = {}, .as = "one"});
  step(scenario::AwaitStep{.message = {}, .as = "two"});
  step(scenario::ExpectStep{
      scenario::ExpectMessage{.sid = "${two.sid}", .fields = {{"status", "\"sent\""}}}});
  EXPECT_EQ(play().verdict, Verdict::Passed);
}

TEST_F(PlayerTest, AnAwaitInVainTellsTheNearest) {
  const std::string wait = "POST " + at("/messages/wait");
  answer(wait, R"({"messages":[]})");
  answer(
      wait,
      R"({"count":0,"nearest":{"sid":"SM1","direction":"outbound-api","to":"whatsapp:+15555550124","status":"sent","body":"hi"},
                   "differences":[{"field":"To","expected":"whatsapp:+15555550123","actual":"whatsapp:+15555550124"}]})",
      406);
  step(scenario::AwaitStep{.message = {R"({"To":"whatsapp:+15555550123"})"}, .within = 0s},
       "await");
  const Outcome outcome = play();
  ASSERT_EQ(outcome.verdict, Verdict::Failed) << outcome.error;
  EXPECT_EQ(outcome.miss->where, "s.json:7:5");
  EXPECT_EQ(outcome.miss->actual, "no such message");
  EXPECT_EQ(outcome.miss->nearest,
            "SM1 to whatsapp:+15555550124 sent \"hi\"\n"
            "  To: expected whatsapp:+15555550123, found whatsapp:+15555550124");
}

TEST_F(PlayerTest, AnExpectationIsWaitedForInTheWorldsTime) {
  answer("GET " + at("/messages/SM1"), R"({"sid":"SM1","status":"queued"})");
  answer("GET " + at("/messages/SM1"), R"({"sid":"SM1","status":"sent"})");
  answer("GET " + at("/messages/SM1"), R"({"sid":"SM1","status":"undelivered"})");
  step(scenario::ExpectStep{
      scenario::ExpectMessage{.sid = "SM1", .fields = {{"status", "\"undelivered\""}}}, 10s});
  EXPECT_EQ(play().verdict, Verdict::Passed);
}

TEST_F(PlayerTest, WhenNothingMovesAnyMoreTheClockIsAdvancedToTheEnd) {
  answer("GET " + at("/clock"),
         R"({"accounts":[{"mode":"auto","now":"2026-01-05T09:00:00.000Z"}]})");
  server_.replies["GET " + at("/clock")].resize(1);
  answer("GET " + at("/messages/SM1"),
         R"({"sid":"SM1","status":"sent","why":"It is on its way."})");
  step(
      scenario::ExpectStep{
          scenario::ExpectMessage{.sid = "SM1", .fields = {{"status", "\"delivered\""}}}, 10s},
      "expect");
  const Outcome outcome = play();
  ASSERT_EQ(outcome.verdict, Verdict::Failed);
  EXPECT_EQ(outcome.miss->expected, "status \"delivered\"");
  EXPECT_EQ(outcome.miss->actual, "\"sent\"");
  EXPECT_EQ(outcome.miss->why, "It is on its way.");
  EXPECT_THAT(server_.calls, Contains("POST " + at("/clock/advance") + R"( {"by":"10s"})"));
}

TEST_F(PlayerTest, WithAManualClockItIsNot) {
  server_.replies["GET " + at("/clock")] = {
      {200, R"({"accounts":[{"mode":"manual","now":"2026-01-05T09:00:00.000Z"}]})"}};
  answer("GET " + at("/messages/SM1"), R"({"sid":"SM1","status":"sent"})");
  step(scenario::ExpectStep{
      scenario::ExpectMessage{.sid = "SM1", .fields = {{"status", "\"delivered\""}}}, 10s});
  EXPECT_EQ(play().verdict, Verdict::Failed);
  EXPECT_THAT(server_.calls, Not(Contains(HasSubstr("/clock/advance"))));
}

TEST_F(PlayerTest, CallbacksAreComparedInTheirOrder) {
  answer("GET " + at("/callbacks", "limit=1000&message=SM1"),
         R"({"callbacks":[{"id":"CB2","type":"status","message_status":"delivered","status":200},
                          {"id":"CB1","type":"status","message_status":"sent","status":500}]})");
  scenario::ExpectCallbacks expected{.of = "SM1", .sequence = {"sent", "delivered"}};
  step(scenario::ExpectStep{expected});
  expected.answered = "2xx";
  step(scenario::ExpectStep{expected}, "expect");
  Outcome outcome = play();
  ASSERT_EQ(outcome.verdict, Verdict::Failed);
  EXPECT_EQ(outcome.miss->expected, "the callback \"sent\" to be answered 2xx");
  EXPECT_EQ(outcome.miss->actual, "500");
  scenario_.steps.clear();
  step(scenario::ExpectStep{scenario::ExpectCallbacks{.of = "SM1", .sequence = {"delivered"}}});
  outcome = play();
  EXPECT_EQ(outcome.miss->expected, "callbacks [delivered]");
  EXPECT_EQ(outcome.miss->actual, "[sent, delivered]");
}

TEST_F(PlayerTest, NeverMeansNotUntilTheEnd) {
  answer("POST " + at("/messages/wait"),
         R"({"messages":[{"sid":"SM1","direction":"outbound-api","to":"x","status":"sent"}]})");
  step(scenario::ExpectStep{scenario::ExpectNever{}});
  const Outcome outcome = play();
  ASSERT_EQ(outcome.verdict, Verdict::Failed);
  EXPECT_EQ(outcome.miss->actual, "SM1 to x sent");
}

TEST_F(PlayerTest, TheAppIsAskedAndItsAnswerLookedInto) {
  http_ = net::PlainAnswer{.status = 200, .body = R"({"state":"sent"})"};
  scenario::HttpStep ask{
      .method = "POST", .path = "/jobs?x=1", .headers = {{"X-A", "b"}}, .body = "{}"};
  step(ask);
  ask.expect_json = {{"$.state", R"("undelivered")"}};
  step(ask, "http");
  const Outcome outcome = play();
  ASSERT_EQ(asked_.size(), 2u);
  EXPECT_EQ(asked_[0].url, "http://127.0.0.1:3000/jobs?x=1");
  EXPECT_EQ(asked_[0].method, "POST");
  EXPECT_THAT(asked_[0].headers, ElementsAre(testing::Pair("X-A", "b")));
  ASSERT_EQ(outcome.verdict, Verdict::Failed);
  EXPECT_EQ(outcome.miss->expected, "$.state to be \"undelivered\"");
  EXPECT_EQ(outcome.miss->why, R"(the app answered 200 {"state":"sent"})");
}

TEST_F(PlayerTest, AnAppThatIsNotThereIsNoFailureOfAnExpectation) {
  http_ = fail(Errc::Unreachable, "nobody answers");
  step(scenario::HttpStep{}, "http");
  const Outcome outcome = play();
  EXPECT_EQ(outcome.verdict, Verdict::CannotRun);
  EXPECT_THAT(outcome.error, HasSubstr("the app at http://127.0.0.1:3000: nobody answers"));
}

TEST_F(PlayerTest, ASendIsACallOfTheRealApi) {
  http_ = net::PlainAnswer{.status = 400, .body = R"({"code":21910})"};
  step(scenario::SendStep{.json = R"({"To":"whatsapp:+15555550123","MediaUrl":["a","b"]})",
                          .expect_status = 400,
                          .expect_code = 21910});
  EXPECT_EQ(play().verdict, Verdict::Passed);
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_EQ(asked_[0].url,
            "http://127.0.0.1:4010/2010-04-01/Accounts/" + kAccount + "/Messages.json");
  EXPECT_EQ(asked_[0].body, "To=whatsapp%3A%2B15555550123&MediaUrl=a&MediaUrl=b");
}

TEST_F(PlayerTest, AWebhookForSomebodyElseEndsEverything) {
  server_.replies["GET " + at("/callbacks", "limit=1000")] = {
      {200,
       R"({"callbacks":[{"id":"CB1","type":"status","url":"https://else.example.com/x","outcome":"refused_egress","error":"not allowed"}]})"}};
  const Outcome outcome = play();
  EXPECT_EQ(outcome.verdict, Verdict::Egress);
  EXPECT_EQ(outcome.miss->actual, "a webhook for https://else.example.com/x");
}

}  // namespace
}  // namespace twindow::app
