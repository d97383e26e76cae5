// SPDX-License-Identifier: Apache-2.0
// What users are known by and what they want: ids beside numbers, ads, STOP and START.
#include "tests/support/fake_twilio.h"
#include "tests/support/restarting.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;

const Address kShop = *parse_from(test::kShop);
const Address kAna = *parse_to(test::kAna);
const Address kAnasId = *parse_to("whatsapp:MX.1349");
const std::string kService = "MG0123456789abcdef0123456789abcdef";

class WorldUsers : public test::WorldTest {
 protected:
  WorldUsers() { judge(); }
  void judge() {
    policy::Policy made{.rules = policy::built_in_rules()};
    made.window.margin = 0s;
    run(world->set_policy(std::make_shared<const policy::Policy>(made)));
  }
  void hear(const std::string& from, std::vector<Param> extra, std::string body = "hola",
            std::string to = test::kShop) {
    InboundMessage message = inbound(from, to);
    message.extra = std::move(extra);
    message.body = std::move(body);
    ASSERT_TRUE(run(world->receive(std::move(message))));
  }
  Decision decide(const std::string& to, const std::string& from = test::kShop,
                  std::optional<std::string> service = {}) {
    policy::SendCall call{.request = request(to, from)};
    if (service) call.request.service = ServiceSid{*service};
    call.params = {{"To", to}, {"From", from}, {"Body", "Hola"}};
    return judged(std::move(call)).decision;
  }
  int code_of(const Decision& decision) {
    const auto* reject = std::get_if<Reject>(&decision.verdict);
    return reject == nullptr ? 0 : reject->code;
  }
};

TEST_F(WorldUsers, AnIdAloneIsAUserOfItsOwn) {
  hear(kAnasId.text, {{"ExternalUserId", kAnasId.text}});
  EXPECT_EQ(decide(kAnasId.text).window.state, WindowState::Open);
  EXPECT_EQ(decide(kAna.text).window.state, WindowState::Closed);
}

TEST_F(WorldUsers, AnIdThatCameWithANumberIsJudgedByItsWindow) {
  hear(kAna.text,
       {{"ExternalUserId", kAnasId.text}, {"ParentExternalUserId", "whatsapp:MX.ENT.77"}});
  EXPECT_EQ(decide(kAnasId.text).window.state, WindowState::Open);
  EXPECT_EQ(decide("whatsapp:MX.ENT.77").window.state, WindowState::Open);
  ASSERT_TRUE(run(world->advance(23h)));
  hear(kAnasId.text, {{"ExternalUserId", kAnasId.text}});
  ASSERT_TRUE(run(world->advance(2h)));
  EXPECT_EQ(decide(kAna.text).window.state, WindowState::Open) << "extended under the other name";
  EXPECT_EQ(run(world->windows()).size(), 1u);
  EXPECT_EQ(run(world->window(window_key(kShop, kAnasId)))->window.key, window_key(kShop, kAna));
}

TEST_F(WorldUsers, AnIdWithoutItsChannelIsTheSameId) {
  hear(kAna.text, {{"ExternalUserId", "MX.1349"}, {"ParentExternalUserId", "MX.ENT.77"}});
  EXPECT_EQ(decide(kAnasId.text).window.state, WindowState::Open);
  EXPECT_EQ(decide("whatsapp:MX.ENT.77").window.state, WindowState::Open);
  EXPECT_EQ(run(world->windows()).size(), 1u);
}

TEST_F(WorldUsers, WhatIsNoIdJoinsNothing) {
  hear(kAna.text, {{"ExternalUserId", "+5215512345679"}, {"ParentExternalUserId", ""}});
  EXPECT_EQ(decide("whatsapp:+5215512345679").window.state, WindowState::Closed);
}

TEST_F(WorldUsers, TwoWindowsBecomeOneAndCloseOnce) {
  hear(kAnasId.text, {});
  ASSERT_TRUE(run(world->advance(1h)));
  hear(kAna.text, {{"ExternalUserId", kAnasId.text}});
  sink.events.clear();
  ASSERT_TRUE(run(world->advance(30h)));
  int closed = 0;
  for (const Event& event : sink.events) closed += std::get_if<WindowEvent>(&event.what) ? 1 : 0;
  EXPECT_EQ(closed, 1);
}

TEST_F(WorldUsers, WhatIsHeldForAnIdGoesOutWhenTheNumberWrites) {
  const SendRequest held = request(kAnasId.text);
  const Decision decided = decide(kAnasId.text);
  const auto message =
      run(world->hold(held, 24h, {}, ledger_entry(decided, held, test::kStart, "")));
  ASSERT_TRUE(message);
  hear(kAna.text, {{"ExternalUserId", kAnasId.text}});
  ASSERT_TRUE(run(world->advance(10s)));
  EXPECT_EQ(find(message->sid).status, MessageStatus::Delivered);
}

TEST_F(WorldUsers, AnAdGivesNoRightToWrite) {
  hear(kAna.text, {{"ReferralCtwaClid", "ARAk"}});
  const auto window = [&] { return *run(world->window(window_key(kShop, kAna))); };
  EXPECT_EQ(window().window.from_ad, test::kStart);
  ASSERT_TRUE(run(world->advance(24h)));
  EXPECT_EQ(window().state, WindowState::Closed);
  EXPECT_EQ(code_of(decide(kAna.text)), 63016);
  hear(kAna.text, {});
  EXPECT_EQ(window().window.from_ad, test::kStart) << "72 h are counted from the ad";
}

TEST_F(WorldUsers, WhoTwilioSaysHasOptedOutIsNotWrittenTo) {
  hear(kAna.text, {{"OptOutType", "STOP"}}, "STOP");
  const Decision refused = decide(kAna.text);
  EXPECT_EQ(code_of(refused), 21610);
  EXPECT_EQ(refused.rule, "checks.opted_out");
  EXPECT_EQ(decide(kAna.text, "whatsapp:+14155550101").rule, "all else") << "another sender";
  hear(kAna.text, {{"OptOutType", "HELP"}}, "HELP");
  EXPECT_EQ(code_of(decide(kAna.text)), 21610);
  hear(kAna.text, {{"OptOutType", "START"}}, "START");
  EXPECT_EQ(decide(kAna.text).verdict, Verdict(Pass{}));
}

TEST_F(WorldUsers, AnOptOutOfAServiceIsOfAllItsSenders) {
  Sender first;
  first.address = kShop;
  Sender second;
  second.address = *parse_from("whatsapp:+14155550101");
  second.service = ServiceSid{kService};
  run(world->replace_senders({first, second}));
  hear(kAna.text, {{"OptOutType", "STOP"}, {"MessagingServiceSid", kService}});
  EXPECT_EQ(code_of(decide(kAna.text, second.address.text)), 21610);
  EXPECT_EQ(code_of(decide(kAna.text, kShop.text, kService)), 21610);
}

TEST_F(WorldUsers, TheSimulatorRefusesWhoHasOptedOut) {
  hear(kAna.text, {{"OptOutType", "STOP"}});
  EXPECT_EQ(run(world->send(request())).error().code, Errc::OptedOut);
  hear(kAna.text, {{"OptOutType", "START"}});
  EXPECT_TRUE(run(world->send(request())));
}

struct Word {
  std::string body;
  bool out;
};

TEST_F(WorldUsers, TheSimulatorReadsTheWordsOfAnSms) {
  const std::string number = "+15005550006";
  for (const Word& word : std::vector<Word>{{"STOP", true},
                                            {" stop\n", true},
                                            {"Stop please", false},
                                            {"OptOut", true},
                                            {"unsubscribe", true},
                                            {"HELP", false}}) {
    hear("+15558675310", {}, word.body, number);
    const auto sent = run(world->send(request("+15558675310", number)));
    EXPECT_EQ(!sent, word.out) << word.body;
    hear("+15558675310", {}, "Start", number);
    EXPECT_TRUE(run(world->send(request("+15558675310", number)))) << word.body;
  }
  hear(kAna.text, {}, "STOP");
  EXPECT_TRUE(run(world->send(request()))) << "WhatsApp has no such words";
}

class WorldUsersRestart : public test::Restarting<WorldUsers> {};

TEST_F(WorldUsersRestart, RemembersThem) {
  restart();
  judge();
  hear(kAna.text, {{"OptOutType", "STOP"}, {"ExternalUserId", kAnasId.text}});
  restart();
  judge();
  EXPECT_EQ(code_of(decide(kAna.text)), 21610);
  EXPECT_EQ(code_of(decide(kAnasId.text)), 21610);
  EXPECT_EQ(decide(kAnasId.text).window.state, WindowState::Open);
}

}  // namespace
}  // namespace twindow::gateway
