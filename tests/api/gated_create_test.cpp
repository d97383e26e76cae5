// SPDX-License-Identifier: Apache-2.0
// Creates in simulate mode with a policy: the gate first, then Twilio, as in proxy mode.
#include "twindow/policy/policy.h"

#include "tests/api/twilio_fixture.h"

namespace twindow::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class GatedCreate : public testing::Test {
 protected:
  static ServerOptions options() {
    ServerOptions made;
    made.policy =
        std::make_shared<const policy::Policy>(policy::Policy{.rules = policy::built_in_rules()});
    return made;
  }
  Answer create(std::vector<Param> more) {
    std::vector<Param> params{{"To", kAna}, {"From", kShop}};
    params.insert(params.end(), more.begin(), more.end());
    return server.ask(server.twilio, {.method = "POST",
                                      .target = messages_path() + ".json",
                                      .headers = {{"Host", "api.twilio.com"},
                                                  {"Authorization", basic(kAccount, kToken)}},
                                      .body = wire::encode_form(params)});
  }
  Json decisions() { return server.get("/decisions")["decisions"]; }

  const std::string too_long = std::string(1601, 'x');
  Server server{options()};
};

TEST_F(GatedCreate, IsJudgedBeforeTwilioFindsFaultWithIt) {
  const Answer answer = create({{"Body", too_long}});
  EXPECT_EQ(answer.json()["code"], 63016);
  EXPECT_EQ(answer.header("Twindow-Decision"), "reject");
}

TEST_F(GatedCreate, TwiliosRefusalIsOfASendThatPassed) {
  server.receive();
  const Answer answer = create({{"Body", too_long}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json()["code"], 21617);
  EXPECT_EQ(answer.header("Twindow-Decision"), "pass");
  ASSERT_THAT(decisions(), SizeIs(1));
  EXPECT_EQ(decisions()[0]["message_sid"], nullptr);
}

TEST_F(GatedCreate, ChecksSpeakWithTheirOwnHeaders) {
  server.receive();
  const Answer answer = create({{"ContentSid", "HX12"}});
  EXPECT_EQ(answer.json()["code"], 21655);
  EXPECT_EQ(answer.header("Twindow-Rule"), "checks.content_sid");
}

TEST_F(GatedCreate, WhatCannotBeReadIsNotJudged) {
  const Answer mixed = server.ask(
      server.twilio,
      {.method = "POST",
       .target = messages_path() + ".json",
       .headers = {{"Host", "api.twilio.com"}, {"Authorization", basic(kAccount, kToken)}},
       .body = freeform(kAna, "+14155550100")});
  EXPECT_EQ(mixed.json()["code"], 21910);
  EXPECT_EQ(mixed.header("Twindow-Decision"), "(none)");
}

}  // namespace
}  // namespace twindow::test
