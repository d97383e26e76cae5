// SPDX-License-Identifier: Apache-2.0
// In front of the real Twilio: when it is asked for a window, in whose name, and when it is let be.
#include <gmock/gmock.h>

#include "tests/support/fake_twilio.h"
#include "tests/support/world_fixture.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string kCaller = "Basic Y2FsbGVyOnNlY3JldA==";
const ServiceSid kService{"MG0123456789abcdef0123456789abcdef"};
const auto kRests = HasSubstr("it was not looked up, since Twilio has just not answered");

class WorldLookUps : public test::WorldTest {
 protected:
  WorldLookUps() {
    policy::Policy made{.rules = policy::built_in_rules()};
    made.window.margin = 0s;
    real_twilio = &twilio;
    twilio.good_authorizations = {kCaller};
    begin(ClockMode::Manual, 63016);
    run(world->set_policy(std::make_shared<const policy::Policy>(made)));
  }
  Decision decide(policy::SendCall call, const std::string& authorization = "") {
    return judged(std::move(call), authorization).decision;
  }
  Decision decide(const std::string& to, const std::string& authorization = "") {
    policy::SendCall call{.request = request(to)};
    call.params = {{"To", to}, {"From", test::kShop}, {"Body", "Hola"}};
    return decide(std::move(call), authorization);
  }
  WindowState state_of(const std::string& to, const std::string& authorization = "") {
    return decide(to, authorization).window.state;
  }
  // Each of them somebody else.
  std::string next_user() { return "whatsapp:+1555555" + std::to_string(1000 + users_++); }
  void wrote(Duration before) {
    twilio.inbound.push_back({.sid = MessageSid{"SM" + std::string(32, 'b')},
                              .from = *parse_to(test::kAna),
                              .to = *parse_from(test::kShop),
                              .received = test::kStart - before});
  }
  void advance(Duration by) { ASSERT_TRUE(run(world->advance(by))); }

  test::FakeTwilio twilio;

 private:
  int users_ = 0;
};

TEST_F(WorldLookUps, OneSlowAnswerKeepsNobodyElseFromBeingLookedUp) {
  twilio.silent = true;
  twilio.silence = Errc::TimedOut;
  const Decision first = decide(next_user());
  EXPECT_EQ(first.window.state, WindowState::Unknown);
  EXPECT_THAT(first.reason, Not(kRests)) << "it was";
  twilio.silent = false;
  EXPECT_EQ(state_of(next_user()), WindowState::Closed);
  EXPECT_EQ(twilio.lookups, 2);
}

TEST_F(WorldLookUps, ThreeInARowThatAreNotAnsweredLetTwilioRest) {
  twilio.silent = true;
  twilio.silence = Errc::Unavailable;
  for (int i = 0; i < 3; ++i) EXPECT_THAT(decide(next_user()).reason, Not(kRests)) << i;
  const Decision fourth = decide(next_user());
  EXPECT_EQ(fourth.window.state, WindowState::Unknown);
  EXPECT_EQ(fourth.verdict, Verdict(Pass{}));
  EXPECT_THAT(fourth.reason, kRests);
  EXPECT_EQ(twilio.lookups, 3);
  twilio.silent = false;
  advance(5s - 1ms);
  EXPECT_THAT(decide(next_user()).reason, kRests);
  advance(1ms);
  EXPECT_EQ(state_of(next_user()), WindowState::Closed);
  EXPECT_EQ(twilio.lookups, 4);
}

TEST_F(WorldLookUps, AnAnswerInBetweenBeginsTheRowAnew) {
  twilio.silence = Errc::TimedOut;
  for (const bool silent : {true, true, false, true, true, false}) {
    twilio.silent = silent;
    decide(next_user());
  }
  EXPECT_EQ(twilio.lookups, 6);
}

TEST_F(WorldLookUps, ATwilioThatCannotBeReachedIsLetBeAtOnce) {
  twilio.silent = true;
  decide(next_user());
  EXPECT_THAT(decide(next_user()).reason, kRests);
  EXPECT_EQ(twilio.lookups, 1);
}

TEST_F(WorldLookUps, AServiceWhosePoolWasNotAskedForSaysSo) {
  twilio.silent = true;
  decide(next_user());
  policy::SendCall call{.request = request(next_user())};
  call.request.from.reset();
  call.request.service = kService;
  call.params = {{"To", test::kAna}, {"MessagingServiceSid", kService.text}, {"Body", "Hola"}};
  EXPECT_THAT(decide(std::move(call)).reason, kRests);
}

// What Twilio has to be asked for is not decided at once: its templates, a window, a service's
// pool.
TEST_F(WorldLookUps, WhatHasToBeAskedForIsNotDecidedAtOnce) {
  policy::SendCall call{.request = request()};
  call.params = {{"To", test::kAna}, {"From", test::kShop}, {"Body", "Hola"}};
  EXPECT_FALSE(world->decide_now(call)) << "the first";
  decide(call);
  EXPECT_TRUE(world->decide_now(call));
  call.request.to = *parse_to(next_user());
  EXPECT_FALSE(world->decide_now(call)) << "another user";
  decide(call);
  EXPECT_TRUE(world->decide_now(call));
  call.request.from.reset();
  call.request.service = kService;
  twilio.pools[kService] = {*parse_from(test::kShop)};
  EXPECT_FALSE(world->decide_now(call)) << "a service";
  EXPECT_FALSE(world->nobody_is_told_now(call.request));
  decide(call);
  EXPECT_TRUE(world->decide_now(call));
  advance(1h);
  EXPECT_FALSE(world->decide_now(call)) << "the templates may be others by now";
}

// Accounts without credentials of their own

TEST_F(WorldLookUps, ACallersCredentialsLookUpWhatTheAccountsCannot) {
  twilio.has_credentials = false;
  EXPECT_EQ(state_of(test::kAna), WindowState::Unknown);
  EXPECT_THAT(twilio.asked_as, IsEmpty());
  EXPECT_EQ(state_of(test::kAna, kCaller), WindowState::Closed);
  EXPECT_THAT(twilio.asked_as, testing::Each(kCaller));
}

// This account's users are not heard of, although those of others are (hears_users).
TEST_F(WorldLookUps, WhatWasLearnedSoIsNotBelievedForLong) {
  twilio.has_credentials = false;
  EXPECT_EQ(state_of(test::kAna, kCaller), WindowState::Closed);
  wrote(0s);
  advance(9s);
  EXPECT_EQ(state_of(test::kAna, kCaller), WindowState::Closed);
  advance(1s);
  EXPECT_EQ(state_of(test::kAna, kCaller), WindowState::Open);
}

TEST_F(WorldLookUps, WhatTheAccountLearnedItselfStaysKnown) {
  EXPECT_EQ(state_of(test::kAna), WindowState::Closed);
  advance(1h);
  EXPECT_EQ(state_of(test::kAna), WindowState::Closed);
  EXPECT_EQ(twilio.lookups, 1);
}

TEST_F(WorldLookUps, AServicesPoolIsAskedForInTheCallersNameToo) {
  twilio.has_credentials = false;
  twilio.pools[kService] = {*parse_from(test::kShop)};
  policy::SendCall call{.request = request()};
  call.request.from.reset();
  call.request.service = kService;
  call.params = {{"To", test::kAna}, {"MessagingServiceSid", kService.text}, {"Body", "Hola"}};
  EXPECT_EQ(decide(std::move(call), kCaller).window.state, WindowState::Closed);
}

TEST_F(WorldLookUps, AContentIsAskedForInTheCallersNameToo) {
  twilio.has_credentials = false;
  ContentTemplate content;
  content.sid = ContentSid{"HX0000000000000000000000000000000a"};
  content.status = TemplateStatus::Unsubmitted;
  twilio.contents = {content};
  policy::SendCall call{.request = request()};
  call.params = {{"To", test::kAna}, {"From", test::kShop}, {"ContentSid", content.sid.text}};
  const Decision decided = decide(std::move(call), kCaller);
  EXPECT_EQ(decided.kind, MessageKind::Freeform) << "no template that WhatsApp has approved";
  EXPECT_EQ(action_of(decided.verdict), Action::Reject);
}

}  // namespace
}  // namespace twindow::gateway
