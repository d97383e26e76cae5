// SPDX-License-Identifier: Apache-2.0
// /__admin/faults and what it does to calls of the API; /__admin/alerts; replies.
#include "tests/api/server_fixture.h"
#include "tests/api/twilio_fixture.h"

namespace twindow::test {
namespace {

using testing::HasSubstr;

Json rule(Json more) { return {{"faults", Json::array({std::move(more)})}}; }

class ControlFaults : public testing::Test {
 protected:
  Answer put(const Json& body) { return server.admin("PUT", "/faults", body.dump()); }
  wire::HttpReply create() {
    return server.reply_of(server.twilio,
                           call("POST", "/2010-04-01/Accounts/" + kAccount + "/Messages.json",
                                {{"To", kAna}, {"From", kShop}, {"Body", "hi"}}));
  }
  wire::HttpCall call(const std::string& method, const std::string& target,
                      const std::vector<Param>& form = {}) {
    return {.method = method,
            .target = target,
            .headers = {{"Host", "127.0.0.1:4010"},
                        {"Authorization", "Basic " + wire::base64_encode(kAccount + ":" + kToken)}},
            .body = wire::encode_form(form)};
  }
  static std::string body_of(const wire::HttpReply& reply) {
    return std::get<std::string>(reply.body);
  }
  Server server;
};

TEST_F(ControlFaults, AnErrorIsTwilioShaped) {
  const Json order = rule({{"match", {{"path", "/2010-04-01/Accounts/*/Messages"}, {"To", kAna}}},
                           {"times", 1},
                           {"respond", {{"status", 429}, {"retry_after", "1500ms"}}}});
  ASSERT_EQ(put(order).status, 200);
  const auto refused = create();
  EXPECT_EQ(refused.status, 429);
  const Json json = Json::parse(body_of(refused));
  EXPECT_EQ(json["code"], 20429);
  EXPECT_EQ(json["status"], 429);
  EXPECT_EQ(wire::find_header(wire::all_headers(refused), "Retry-After"), "2");
  EXPECT_EQ(server.get("/messages")["messages"].size(), 0U);
  EXPECT_EQ(create().status, 201) << "once only";
  const Json shown = server.get("/faults");
  EXPECT_EQ(shown["accounts"][0]["faults"][0]["matched"], 2);
  EXPECT_EQ(shown["accounts"][0]["faults"][0]["fired"], 1);
}

TEST_F(ControlFaults, AnAnswerThatIsLostMayHaveMadeAMessage) {
  for (const char* how : {"half", "reset"}) {
    const Json order = rule({{"respond", {{how, true}, {"processed", true}}}});
    ASSERT_EQ(put(order).status, 200);
    const auto cut = create();
    EXPECT_NE(cut.ending, wire::HttpReply::Ending::Whole) << how;
  }
  ASSERT_EQ(put(rule({{"respond", {{"reset", true}}}})).status, 200);
  EXPECT_EQ(create().ending, wire::HttpReply::Ending::Reset);
  ASSERT_EQ(put({{"faults", Json::array()}}).status, 200);
  EXPECT_EQ(create().ending, wire::HttpReply::Ending::Whole);
  EXPECT_EQ(server.get("/messages")["messages"].size(), 3U);
}

TEST_F(ControlFaults, AResetForgetsThoseOfLaterWorldsToo) {
  ASSERT_EQ(put(rule({{"respond", {{"status", 500}}}})).status, 200);
  EXPECT_EQ(create().status, 500) << "a world that is made now";
  ASSERT_EQ(server.admin("POST", "/reset").status, 200);
  EXPECT_EQ(create().status, 201);
  EXPECT_EQ(server.get("/faults")["faults"].size(), 0U);
}

struct Mistake {
  std::string name;
  Json rule;
  std::string pointer;
};
class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamedByTheirPlace) {
  Server server;
  const Answer answer = server.admin("PUT", "/faults", rule(GetParam().rule).dump());
  EXPECT_EQ(answer.status, 400) << answer.body;
  EXPECT_EQ(answer.json()["errors"][0]["pointer"], GetParam().pointer) << answer.body;
  EXPECT_EQ(server.get("/faults")["faults"].size(), 0U);
}

const Json kLost{{"lost", true}};
INSTANTIATE_TEST_SUITE_P(
    Table, Mistakes,
    testing::ValuesIn(std::vector<Mistake>{
        {"NoObject", 3, "/faults/0"},
        {"NoEffect", {{"id", "x"}}, "/faults/0"},
        {"BothEffects", {{"respond", {{"status", 500}}}, {"callbacks", kLost}}, "/faults/0"},
        {"UnknownKey", {{"respnd", 1}}, "/faults/0/respnd"},
        {"Nth", {{"nth", 0}, {"callbacks", kLost}}, "/faults/0/nth"},
        {"Probability", {{"probability", 2}, {"callbacks", kLost}}, "/faults/0/probability"},
        {"Status", {{"respond", {{"status", 200}}}}, "/faults/0/respond/status"},
        {"Delay", {{"respond", {{"delay", "5"}}}}, "/faults/0/respond/delay"},
        {"HalfReset", {{"respond", {{"half", true}, {"reset", true}}}}, "/faults/0/respond/half"},
        {"CodeAlone", {{"respond", {{"code", 20500}}}}, "/faults/0/respond/status"},
        {"NothingToRespond", {{"respond", Json::object()}}, "/faults/0/respond"},
        {"Signature", {{"callbacks", {{"signature", "bad"}}}}, "/faults/0/callbacks/signature"},
        {"BeforeAndMore",
         {{"callbacks", {{"before_answer", true}, {"lost", true}}}},
         "/faults/0/callbacks/before_answer"},
        {"LateInbound",
         {{"match", {{"webhook", "inbound"}}}, {"callbacks", {{"late", "1s"}}}},
         "/faults/0/callbacks"},
        {"Webhook",
         {{"match", {{"webhook", "x"}}}, {"callbacks", kLost}},
         "/faults/0/match/webhook"},
        {"Pattern",
         {{"match", {{"Body", {{"matches", "("}}}}}, {"respond", {{"status", 500}}}},
         "/faults/0/match/Body"},
    }),
    [](const auto& each) { return each.param.name; });

TEST(ControlReplies, TheAppsTwimlIsExecuted) {
  ServerOptions options;
  options.accounts.push_back(
      {.sid = AccountSid{kAccount}, .inbound_url = "https://app.example.com/in"});
  Server server(std::move(options));
  server.app.http_status = 200;
  server.app.says.content_type = "text/xml";
  server.app.says.reply = "<Response><Message>Hello</Message><Mesage/></Response>";
  const Json said{{"From", kAna}, {"To", kShop}, {"button", "Yes|yes_1"}};
  const Json json = server.ok("POST", "/simulate/inbound-message", said.dump());
  ASSERT_EQ(json["replies"].size(), 1U);
  EXPECT_EQ(json["replies"][0]["body"], "Hello");
  EXPECT_EQ(json["replies"][0]["direction"], "outbound-reply");
  const auto& told = std::get<InboundNews>(server.app.webhooks[0].news).message;
  EXPECT_THAT(told.extra, testing::Contains(Param{"ButtonPayload", "yes_1"}));
  const Json alerts = server.get("/alerts");
  ASSERT_EQ(alerts["alerts"].size(), 1U);
  EXPECT_EQ(alerts["alerts"][0]["code"], 12200);
  EXPECT_EQ(alerts["alerts"][0]["level"], "warning");
  const std::string sid = alerts["alerts"][0]["sid"];
  const Json one = server.get("/alerts/" + sid);
  EXPECT_EQ(one["response"]["body"], server.app.says.reply);
  EXPECT_EQ(server.admin("GET", "/alerts/NO" + std::string(32, '0')).status, 404);
}

TEST(ControlReplies, AnUnknownShortFormIsRefusedByName) {
  Server server;
  const Json said{{"From", kAna}, {"To", kShop}, {"buton", "Yes"}};
  const Answer answer = server.admin("POST", "/simulate/inbound-message", said.dump());
  EXPECT_EQ(answer.status, 400);
  EXPECT_THAT(answer.detail(), HasSubstr("button"));
}

}  // namespace
}  // namespace twindow::test
