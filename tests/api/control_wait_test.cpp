// SPDX-License-Identifier: Apache-2.0
// /__admin/messages/wait and /count: what a test asks for instead of sleeping.
#include "tests/api/server_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ValuesIn;

class ControlWait : public testing::Test {
 protected:
  Answer wait(const std::string& body, const std::string& query = "") {
    return server.admin("POST", "/messages/wait" + query, body);
  }
  int count(const std::string& body, const std::string& query = "") {
    return server.ok("POST", "/messages/count" + query, body)["count"];
  }
  Server server;
};

TEST_F(ControlWait, WhatIsThereAlreadyIsAnsweredAtOnce) {
  const std::string first = server.send();
  server.advance("1s");
  const std::string second = server.send();
  const Answer answer = wait(R"({"match":{"Body":"Hola"},"count":2})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(column(answer.json()["messages"], "sid"), ElementsAre(first, second));
}

TEST_F(ControlWait, AnEmptyBodyWaitsForAnyMessage) {
  server.send();
  EXPECT_EQ(wait("").json()["messages"].size(), 1U);
  EXPECT_EQ(wait("{}").json()["messages"].size(), 1U);
}

TEST_F(ControlWait, ACountOfNothingIsThereAlready) {
  EXPECT_THAT(wait(R"({"count":0})").json()["messages"], IsEmpty());
}

Task<void> send_later(gateway::World& world, std::string body, int times) {
  for (int i = 0; i < times; ++i) {
    SendRequest request{.account = world.account(), .to = *parse_to(kAna)};
    request.from = *parse_from(kShop);
    request.body = body;
    const Result<Message> sent = co_await world.send(std::move(request));
    EXPECT_TRUE(sent);
  }
}

TEST_F(ControlWait, WhatComesLaterIsWaitedFor) {
  server.send(kAccount, kAna, "not this");
  gateway::World& world = server.worlds.open(AccountSid{kAccount});
  server.start(send_later(world, "this", 3));
  const Answer answer = wait(R"({"match":{"Body":"this"},"count":3,"timeoutMillis":600000})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.json()["messages"].size(), 3U);
}

Task<void> advance_later(gateway::World& world, Duration by) {
  const auto advanced = co_await world.advance(by);
  EXPECT_TRUE(advanced);
}

TEST_F(ControlWait, AStatusThatComesLaterIsWaitedFor) {
  const std::string sid = server.send();
  gateway::World& world = server.worlds.open(AccountSid{kAccount});
  server.start(advance_later(world, std::chrono::seconds(2)));
  const Answer answer =
      wait(R"({"match":{"MessageStatus":"undelivered","ErrorCode":63016},"timeoutMillis":600000})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(column(answer.json()["messages"], "sid"), ElementsAre(sid));
}

TEST_F(ControlWait, InVainIs406WithTheNearestAndItsDifferences) {
  server.send(kAccount, "whatsapp:+15558675310", "Hola");
  const std::string nearest = server.send();
  const Answer answer = wait(
      R"({"match":{"To":"whatsapp:+525512345678","Body":{"contains":"adios"}},"timeoutMillis":0})");
  EXPECT_EQ(answer.status, 406);
  EXPECT_EQ(answer.header("Content-Type"), "application/json");
  const Json json = answer.json();
  EXPECT_EQ(json["errors"][0]["title"], "Waited in vain");
  EXPECT_EQ(json["errors"][0]["pointer"], "/match");
  EXPECT_THAT(answer.detail(), HasSubstr("0 ms for 1 matching message(s), saw 0"));
  EXPECT_EQ(json["nearest"]["sid"], nearest);
  EXPECT_EQ(json["differences"].dump(),
            R"([{"field":"Body","expected":"contains adios","actual":"Hola"}])");
}

TEST_F(ControlWait, InVainWithNoMessagesHasNoNearest) {
  const Answer answer = wait(R"({"timeoutMillis":0})");
  EXPECT_EQ(answer.status, 406);
  EXPECT_TRUE(answer.json()["nearest"].is_null());
  EXPECT_THAT(answer.json()["differences"], IsEmpty());
}

TEST_F(ControlWait, TooFewIsInVainToo) {
  server.send();
  const Answer answer = wait(R"({"match":{"Body":"Hola"},"count":2,"timeoutMillis":0})");
  EXPECT_EQ(answer.status, 406);
  EXPECT_THAT(answer.detail(), HasSubstr("for 2 matching message(s), saw 1"));
  EXPECT_TRUE(answer.json()["nearest"].is_null());
}

TEST_F(ControlWait, ADrainingServerDoesNotLetOneWait) {
  server.state.phase = api::Phase::Draining;
  EXPECT_EQ(wait(R"({"timeoutMillis":600000})").status, 406);
}

TEST_F(ControlWait, OneAccountIsWaitedForAlone) {
  server.send(kSecond);
  EXPECT_EQ(wait(R"({"timeoutMillis":0})", "?account=" + kAccount).status, 406);
  EXPECT_EQ(wait(R"({"timeoutMillis":0})", "?account=" + kSecond).status, 200);
  EXPECT_EQ(count("{}", "?account=" + kAccount), 0);
  EXPECT_EQ(count("{}"), 1);
}

TEST_F(ControlWait, InboundMessagesCountToo) {
  server.receive();
  EXPECT_EQ(count(R"({"match":{"Direction":"inbound","From":"whatsapp:+525512345678"}})"), 1);
  EXPECT_EQ(count(R"({"match":{"Direction":"outbound-api"}})"), 0);
}

TEST_F(ControlWait, TheNearestIsASendIfTheMatchIsAboutAUser) {
  const std::string sent = server.send(kAccount, "whatsapp:+15558675310", "Hola");
  server.receive(kAccount, kAna, "adios");
  // The inbound message differs in To alone, the send in To and Body.
  Json json =
      wait(R"({"match":{"To":"whatsapp:+525512345678","Body":"adios"},"timeoutMillis":0})").json();
  EXPECT_EQ(json["nearest"]["sid"], sent);
  EXPECT_EQ(json["differences"].size(), 2U);
  // To the shop users write.
  json = wait(R"({"match":{"To":")" + kShop + R"(","Body":"hola"},"timeoutMillis":0})").json();
  EXPECT_EQ(json["nearest"]["direction"], "inbound");
  EXPECT_EQ(column(json["differences"], "field"), std::vector<std::string>{"Body"});
  json =
      wait(R"({"match":{"To":")" + kAna + R"(","Direction":"inbound"},"timeoutMillis":0})").json();
  EXPECT_EQ(json["nearest"]["direction"], "inbound");
}

TEST_F(ControlWait, TheNearestIsOfTheAccountThatIsNamed) {
  const std::string own = server.send(kAccount, "whatsapp:+15558675310", "x");
  server.send(kSecond, kAna, "Hola");
  const Json json = wait(R"({"match":{"AccountSid":")" + kAccount + R"(","To":")" + kAna +
                         R"(","Body":"Hola"},"timeoutMillis":0})")
                        .json();
  EXPECT_EQ(json["nearest"]["sid"], own);
}

class ControlVerify : public ControlWait {
 protected:
  Answer verify(const std::string& body) { return server.admin("POST", "/verify", body); }
};

TEST_F(ControlVerify, WhatHoldsIs202) {
  EXPECT_EQ(verify(R"({"match":{"Body":"Hola"},"times":0})").status, 202);
  server.send();
  server.send();
  const Answer answer = verify(R"({"match":{"Body":"Hola"},"times":2})");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.json().dump(), R"({"count":2})");
  EXPECT_EQ(verify(R"({"match":{"Body":"Hola"}})").status, 202) << "at least once";
}

TEST_F(ControlVerify, TooFewIs406WithTheNearest) {
  const std::string nearest = server.send();
  const Answer answer = verify(R"({"match":{"Body":"adios"}})");
  EXPECT_EQ(answer.status, 406);
  const Json json = answer.json();
  EXPECT_EQ(json["errors"][0]["title"], "Not verified");
  EXPECT_EQ(json["errors"][0]["pointer"], "/match");
  EXPECT_EQ(answer.detail(), "expected at least one matching message(s), saw 0");
  EXPECT_EQ(json["count"], 0);
  EXPECT_EQ(json["nearest"]["sid"], nearest);
  EXPECT_EQ(json["differences"].dump(), R"([{"field":"Body","expected":"adios","actual":"Hola"}])");
  EXPECT_EQ(verify(R"({"match":{"Body":"Hola"},"times":2})").status, 406);
}

TEST_F(ControlVerify, TooManyIs406WithThoseThatMatch) {
  const std::string sent = server.send();
  const Answer answer = verify(R"({"match":{"To":")" + kAna + R"("},"times":0})");
  EXPECT_EQ(answer.status, 406);
  EXPECT_EQ(answer.detail(), "expected exactly 0 matching message(s), saw 1");
  EXPECT_EQ(answer.json()["errors"][0]["pointer"], "/times");
  EXPECT_THAT(column(answer.json()["messages"], "sid"), ElementsAre(sent));
  EXPECT_TRUE(answer.json()["nearest"].is_null());
}

struct MatchRow {
  const char* name;
  std::string match;
  int count;
};

// Of: Ana undelivered 63016, somebody else likewise, and an SMS that is on its way.
const std::vector<MatchRow> kMatches{
    {"Everything", "{}", 3},
    {"Text", R"({"Body":"one"})", 1},
    {"Number", R"({"ErrorCode":63016})", 2},
    {"NumberAsText", R"({"ErrorCode":"63016"})", 2},
    {"Equals", R"({"ErrorCode":{"equals":63016}})", 2},
    {"Contains", R"({"To":{"contains":"8675310"}})", 2},
    {"Matches", R"({"Body":{"matches":"^o.e$"}})", 1},
    {"AnyOf", R"({"Body":{"anyOf":["one","two","four"]}})", 2},
    {"AnyOfNumbers", R"({"ErrorCode":{"anyOf":[63015,63016]}})", 2},
    {"Absent", R"({"ErrorCode":{"absent":true}})", 1},
    {"NotAbsent", R"({"ErrorCode":{"absent":false}})", 2},
    {"Spelling", R"({"To":"whatsapp:+525512345678"})", 1},
    {"AnyOfSpellings", R"({"To":{"anyOf":["whatsapp:+525512345678","+15558675310"]}})", 2},
    {"Computed", R"({"kind":"freeform","window":"closed","channel":"whatsapp"})", 2},
    {"Sms", R"({"kind":"other","window":"none","channel":"sms"})", 1},
    {"AllMustHold", R"({"Body":"one","channel":"sms"})", 0},
};

class Matching : public testing::TestWithParam<MatchRow> {};

TEST_P(Matching, Counts) {
  Server server;
  server.send(kAccount, kAna, "one");
  server.send(kSecond, "whatsapp:+15558675310", "two");
  server.advance("2s");
  server.send(kAccount, "+15558675310", "three", std::nullopt, "+15005550006");
  const Json json = server.ok("POST", "/messages/count", R"({"match":)" + GetParam().match + "}");
  EXPECT_EQ(json["count"], GetParam().count);
}

INSTANTIATE_TEST_SUITE_P(ControlWait, Matching, ValuesIn(kMatches), case_name);

}  // namespace
}  // namespace twindow::test
