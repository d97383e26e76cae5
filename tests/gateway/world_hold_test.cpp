// SPDX-License-Identifier: Apache-2.0
// Sends that are held in front of the real Twilio: sent once, in order, whatever breaks.
#include <gmock/gmock.h>

#include "tests/support/fake_sender.h"
#include "tests/support/fake_twilio.h"
#include "tests/support/restarting.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;
using test::FakeSender;
using testing::HasSubstr;
using Statuses = std::vector<std::string>;

class WorldHold : public test::WorldTest {
 protected:
  WorldHold() {
    relays = true;
    real_twilio = &twilio;
    twilio_sender = &sender;
    begin(ClockMode::Manual, 63016);
    judge();
  }
  void judge() {
    policy::Policy made{.rules = {{.name = "hold", .match = {}, .action = policy::HoldAction{}}}};
    made.window.margin = Duration();
    run(world->set_policy(std::make_shared<const policy::Policy>(made)));
  }
  Message hold(Duration ttl = 24h, std::string body = "Hola") {
    SendRequest held = request();
    held.body = body;
    held.form = "To=a&Body=" + body;
    LedgerEntry entry;
    entry.at = wall_now();
    entry.action = Action::Hold;
    return *run(world->hold(held, ttl, {}, entry));
  }
  Time wall_now() { return run(world->clock()).now; }
  void user_writes() {
    InboundMessage said = inbound();
    said.sid = MessageSid{"SM" + std::string(31, 'd') + std::to_string(inbounds++)};
    ASSERT_TRUE(run(world->hear_inbound(said, {})));
    settle();
  }
  // Until nothing is under way.
  void settle() { ASSERT_TRUE(run(world->advance(0s))); }
  std::vector<std::string> forms() const {
    std::vector<std::string> all;
    for (const auto& one : sender.sent) all.push_back(one.form);
    return all;
  }
  static ports::SendOutcome lost() {
    return ports::PerhapsSent{Error{Errc::TimedOut, "no answer"}};
  }
  static ports::SendOutcome busy() { return ports::NotSent{Error{Errc::Unavailable, "429"}}; }
  RemoteMessage at_twilio(const Message& held, std::size_t number) {
    RemoteMessage message{.sid = FakeSender::upstream_sid(number),
                          .from = held.sender.text,
                          .to = held.to.text,
                          .body = held.body};
    message.created = wall_now();
    return message;
  }

  test::FakeTwilio twilio;
  FakeSender sender;
  int inbounds = 0;
};

TEST_F(WorldHold, GoesToTwilioInOrderWhenTheUserWrites) {
  const Message first = hold(24h, "1");
  const Message second = hold(24h, "2");
  EXPECT_EQ(first.status, MessageStatus::Accepted);
  ASSERT_TRUE(run(world->advance(1h)));
  EXPECT_TRUE(sender.sent.empty());
  user_writes();
  EXPECT_EQ(forms(), (std::vector<std::string>{"To=a&Body=1", "To=a&Body=2"}));
  EXPECT_EQ(sender.sent[0].sid, first.sid);
  EXPECT_EQ(find(first.sid).upstream_sid, FakeSender::upstream_sid(1));
  EXPECT_EQ(find(second.sid).upstream_sid, FakeSender::upstream_sid(2));
  EXPECT_EQ(find(first.sid).held_until, std::nullopt);
  EXPECT_EQ(find(first.sid).form, "");
  ASSERT_TRUE(run(world->advance(48h)));
  user_writes();
  EXPECT_EQ(sender.sent.size(), 2u) << "once";
  EXPECT_EQ(find(first.sid).status, MessageStatus::Accepted) << "its ttl is no matter any more";
}

TEST_F(WorldHold, FailsAtTheEndOfItsTime) {
  const Message held = hold(1h);
  ASSERT_TRUE(run(world->advance(1h)));
  EXPECT_EQ(find(held.sid).status, MessageStatus::Failed);
  EXPECT_EQ(app.statuses(), (Statuses{"failed 63016"}));
  user_writes();
  EXPECT_TRUE(sender.sent.empty());
}

TEST_F(WorldHold, IsSentAgainIfTwilioCertainlyHasNotGotIt) {
  const Message held = hold();
  sender.outcomes = {busy(), busy()};
  user_writes();
  EXPECT_EQ(sender.sent.size(), 1u);
  ASSERT_TRUE(run(world->advance(1s)));
  settle();
  EXPECT_EQ(sender.sent.size(), 2u);
  ASSERT_TRUE(run(world->advance(2s)));
  settle();
  EXPECT_EQ(sender.sent.size(), 3u);
  EXPECT_TRUE(find(held.sid).upstream_sid.has_value());
  EXPECT_EQ(twilio.sent_lists, 0);
}

TEST_F(WorldHold, AfterALostAnswerTwilioIsAskedForItFirst) {
  const Message held = hold();
  sender.outcomes = {lost()};
  sender.meanwhile = [&] { twilio.sent = {at_twilio(held, 7)}; };
  user_writes();
  ASSERT_TRUE(run(world->advance(1s)));
  settle();
  EXPECT_EQ(sender.sent.size(), 1u) << "it is there";
  EXPECT_EQ(find(held.sid).upstream_sid, FakeSender::upstream_sid(7));
}

TEST_F(WorldHold, AndSentAgainIfItIsNotThere) {
  const Message held = hold();
  sender.outcomes = {lost()};
  user_writes();
  ASSERT_TRUE(run(world->advance(1s)));
  settle();
  EXPECT_EQ(sender.sent.size(), 2u);
  EXPECT_EQ(twilio.sent_lists, 1);
  EXPECT_TRUE(find(held.sid).upstream_sid.has_value());
}

TEST_F(WorldHold, WaitsWhileNobodyKnows) {
  const Message held = hold(1h);
  sender.outcomes = {lost()};
  twilio.silent = true;
  user_writes();
  ASSERT_TRUE(run(world->advance(2h)));
  settle();
  EXPECT_EQ(sender.sent.size(), 1u);
  EXPECT_EQ(find(held.sid).status, MessageStatus::Accepted) << "Twilio may have it";
  const auto canceled = run(world->cancel(held.sid));
  ASSERT_FALSE(canceled);
  EXPECT_EQ(canceled.error().code, Errc::NotCancelable);
}

TEST_F(WorldHold, FailsWithTwiliosRefusal) {
  const Message held = hold();
  sender.outcomes = {ports::Refused{21610, "Twilio answered 400 (code 21610)"}};
  user_writes();
  settle();
  EXPECT_EQ(find(held.sid).status, MessageStatus::Failed);
  EXPECT_EQ(find(held.sid).error_code, 21610);
  EXPECT_EQ(app.statuses(), (Statuses{"failed 21610"}));
}

TEST_F(WorldHold, WaitsAgainIfTheWindowClosesMeanwhile) {
  const Message held = hold(72h);
  sender.outcomes = {busy()};
  user_writes();
  ASSERT_TRUE(run(world->put_window({.key = window_key(held.sender, held.to),
                                     .last_inbound = test::kStart,
                                     .user_spelling = held.to.text,
                                     .closed = true})));
  ASSERT_TRUE(run(world->advance(1s)));
  settle();
  EXPECT_EQ(sender.sent.size(), 1u);
  EXPECT_EQ(find(held.sid).released, std::nullopt);
  user_writes();
  EXPECT_EQ(sender.sent.size(), 2u);
}

TEST_F(WorldHold, CanBeCanceled) {
  const Message held = hold();
  const auto canceled = run(world->cancel(held.sid));
  ASSERT_TRUE(canceled);
  EXPECT_EQ(canceled->status, MessageStatus::Canceled);
  user_writes();
  ASSERT_TRUE(run(world->advance(48h)));
  EXPECT_TRUE(sender.sent.empty());
  EXPECT_EQ(find(held.sid).status, MessageStatus::Canceled);
  EXPECT_EQ(app.statuses(), Statuses{});
  EXPECT_EQ(run(world->cancel(held.sid)).error().code, Errc::NotCancelable);
}

// What Twilio tells of it comes under Twilio's SID, perhaps before the answer of the create call.
TEST_F(WorldHold, TheAppHearsOfItByTheSidThatItKnows) {
  const Message held = hold();
  const MessageSid upstream = FakeSender::upstream_sid(1);
  sender.outcomes = {lost()};
  user_writes();
  World::StatusHook hook;
  hook.news = {.sid = upstream, .status = MessageStatus::Delivered};
  hook.url = "https://app.example.com/status";
  hook.ours = held.sid;
  hook.told.news = {.params = {{"MessageSid", upstream.text},
                               {"SmsSid", upstream.text},
                               {"MessageStatus", "delivered"}}};
  ASSERT_TRUE(run(world->hear_status(hook)));
  settle();
  EXPECT_EQ(find(held.sid).status, MessageStatus::Delivered);
  EXPECT_EQ(find(held.sid).upstream_sid, upstream);
  const auto callbacks = run(world->callbacks({}));
  ASSERT_FALSE(callbacks.empty());
  const auto& told = std::get<RelayedNews>(callbacks[0].webhook.news);
  EXPECT_EQ(told.params[0].value, held.sid.text);
  EXPECT_EQ(told.params[1].value, held.sid.text);
  ASSERT_TRUE(run(world->advance(1min)));
  settle();
  EXPECT_EQ(sender.sent.size(), 1u) << "it is known to be there";
}

TEST_F(WorldHold, IsNotPossibleWithoutAWayToSendLater) {
  sender.able = false;
  policy::SendCall call{.request = request()};
  call.params = {{"To", test::kAna}, {"From", test::kShop}, {"Body", "Hola"}};
  const auto decided = judged(call);
  EXPECT_EQ(decided.decision.verdict, Verdict(Pass{})) << "the next rule";
}

TEST_F(WorldHold, NudgesThroughTwilio) {
  SendRequest nudge = request();
  nudge.form = "To=a&ContentSid=HX";
  SendRequest held = request();
  LedgerEntry entry;
  entry.at = test::kStart;
  entry.action = Action::Hold;
  ASSERT_TRUE(run(world->hold(held, 24h, nudge, entry)));
  settle();
  EXPECT_EQ(forms(), std::vector<std::string>{"To=a&ContentSid=HX"});
  const auto ledger = *run(world->decisions({}));
  ASSERT_EQ(ledger.size(), 2u);
  EXPECT_EQ(ledger[0].message, FakeSender::upstream_sid(1));
  EXPECT_THAT(ledger[0].reason, HasSubstr("nudge"));
}

TEST_F(WorldHold, WhatPassesByTellsWhatBecameOfIt) {
  const Message held = hold();
  user_writes();
  RemoteMessage seen{.sid = FakeSender::upstream_sid(1), .status = MessageStatus::Undelivered};
  seen.error_code = 63016;
  run(world->learn({seen}));
  EXPECT_EQ(find(held.sid).status, MessageStatus::Undelivered);
  EXPECT_EQ(run(world->window(window_key(held.sender, held.to)))->state, WindowState::Closed);
}

class WorldHoldRestart : public test::Restarting<WorldHold> {
 protected:
  WorldHoldRestart() { again(); }
  void again() {
    restart();
    judge();
    settle();
  }
};

TEST_F(WorldHoldRestart, HoldsOnAndSendsOnce) {
  const Message held = hold();
  again();
  user_writes();
  EXPECT_EQ(sender.sent.size(), 1u);
  again();
  user_writes();
  EXPECT_EQ(sender.sent.size(), 1u);
  EXPECT_EQ(run(world->told_as({FakeSender::upstream_sid(1)})).size(), 1u) << "by both SIDs";
  EXPECT_EQ(run(world->whereabouts(held.sid)).upstream, FakeSender::upstream_sid(1));
}

TEST_F(WorldHoldRestart, TellsOfWhatWasRefusedBefore) {
  LedgerEntry entry;
  entry.at = test::kStart;
  entry.action = Action::Reject;
  entry.code = 63040;
  const auto refused = run(world->refuse_later(request(), entry));
  ASSERT_TRUE(refused);
  again();
  ASSERT_TRUE(run(world->advance(2s)));
  EXPECT_EQ(find(refused->sid).status, MessageStatus::Failed);
  EXPECT_EQ(app.statuses(), (Statuses{"failed 63040"}));
}

// As if the program had ended between the first byte and Twilio's answer.
TEST_F(WorldHoldRestart, LooksFirstForWhatWasOnItsWay) {
  const Message held = hold(1h);
  sender.outcomes = {lost()};
  user_writes();
  EXPECT_EQ(sender.sent.size(), 1u);
  twilio.sent = {at_twilio(held, 9)};
  again();
  settle();
  EXPECT_EQ(sender.sent.size(), 1u);
  EXPECT_EQ(find(held.sid).upstream_sid, FakeSender::upstream_sid(9));
}

TEST_F(WorldHoldRestart, AndSendsItIfItIsNotThere) {
  const Message held = hold();
  sender.outcomes = {lost()};
  user_writes();
  again();
  settle();
  EXPECT_EQ(sender.sent.size(), 2u);
  EXPECT_TRUE(find(held.sid).upstream_sid.has_value());
}

}  // namespace
}  // namespace twindow::gateway
