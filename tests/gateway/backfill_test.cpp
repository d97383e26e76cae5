// SPDX-License-Identifier: Apache-2.0
// In front of the real Twilio: what was said while nobody listened is read, and then no window of
// those senders is unknown.
#include "tests/support/fake_twilio.h"
#include "tests/support/restarting.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;
using State = BackfillView::State;

const Address kShop = *parse_from(test::kShop);
const Address kOther = *parse_from("whatsapp:+14155550101");
const Address kAna = *parse_to(test::kAna);
const Address kBen = *parse_to("whatsapp:+15555550123");

class WorldBackfill : public test::WorldTest {
 protected:
  WorldBackfill() {
    policy::Policy made{.rules = policy::built_in_rules()};
    made.window.margin = 0s;
    policy = std::make_shared<const policy::Policy>(made);
    twilio.own_senders = {{kShop}};
    real_twilio = &twilio;
  }
  void go_on() {
    begin(ClockMode::Manual, 63016);
    run(world->set_policy(policy));
  }
  void wrote(const Address& user, Duration before, const Address& sender = kShop) {
    twilio.inbound.push_back({.sid = MessageSid{"SM" + std::string(32, 'b')},
                              .from = user,
                              .to = sender,
                              .received = test::kStart - before});
  }
  BackfillView view() { return *run(world->backfill(std::nullopt)); }
  // Until nothing is being read: each look lets the world's own work run along, through the store
  // too.
  BackfillView ended() {
    BackfillView now = view();
    for (int i = 0; i < 1000 && now.state == State::Reading; ++i) {
      EXPECT_TRUE(run(world->decisions({})));
      now = view();
    }
    EXPECT_NE(now.state, State::Reading);
    return now;
  }
  void advance(Duration by) {
    ASSERT_TRUE(run(world->advance(by)));
    ended();
  }
  WindowState state_of(const Address& user, const Address& sender = kShop) {
    policy::SendCall call{.request = request(user.text, sender.text)};
    call.params = {{"To", user.text}, {"From", sender.text}, {"Body", "Hola"}};
    return judged(std::move(call)).decision.window.state;
  }
  std::vector<BackfillEvent> told() {
    std::vector<BackfillEvent> all;
    for (const Event& event : sink.events) {
      if (const auto* one = std::get_if<BackfillEvent>(&event.what)) all.push_back(*one);
    }
    return all;
  }

  test::FakeTwilio twilio;
  std::shared_ptr<const policy::Policy> policy;
};

TEST_F(WorldBackfill, KnowsEveryWindowOfItsSendersAfterwards) {
  wrote(kAna, 23h);
  wrote(kAna, 25h);
  wrote(kBen, 2h, kOther);
  go_on();
  const BackfillView done = ended();
  EXPECT_EQ(done.state, State::Done);
  ASSERT_EQ(done.senders.size(), 1u);
  EXPECT_EQ(done.senders[0].since, test::kStart - 24h);
  EXPECT_EQ(done.senders[0].messages, 1u);
  EXPECT_EQ(state_of(kAna), WindowState::Open);
  EXPECT_EQ(state_of(kBen), WindowState::Closed) << "he wrote to another sender";
  EXPECT_EQ(twilio.lookups, 0);
  EXPECT_EQ(state_of(kBen, kOther), WindowState::Open) << "which is not covered, but looked up";
  EXPECT_EQ(twilio.lookups, 1);
}

TEST_F(WorldBackfill, ServesSendsMeanwhile) {
  wrote(kAna, 1h);
  twilio.silent = true;
  go_on();
  EXPECT_EQ(ended().state, State::Failed);
  EXPECT_EQ(state_of(kAna), WindowState::Unknown);
  twilio.silent = false;
  advance(5s);
  EXPECT_EQ(ended().state, State::Done);
  EXPECT_EQ(state_of(kAna), WindowState::Open);
  EXPECT_EQ(state_of(kBen), WindowState::Closed);
}

TEST_F(WorldBackfill, ReadsPageByPage) {
  for (int i = 0; i < 25; ++i) wrote(i % 2 == 0 ? kAna : kBen, std::chrono::minutes(i + 1));
  twilio.page_size = 10;
  go_on();
  const SenderBackfill done = ended().senders.at(0);
  EXPECT_EQ(done.pages, 3u);
  EXPECT_EQ(done.messages, 25u);
  EXPECT_EQ(done.users, 2u);
  ASSERT_EQ(told().size(), 1u);
  EXPECT_EQ(told()[0].messages, 25u);
  EXPECT_EQ(told()[0].error, "");
  EXPECT_EQ(run(world->window(window_key(kShop, kAna)))->window.last_inbound, test::kStart - 1min)
      << "the newest counts";
}

TEST_F(WorldBackfill, ConfiguredSendersNeedNoQuestion) {
  Sender other;
  other.address = kOther;
  Sender number;
  number.address = *parse_from("+15005550006");
  go_on();
  ended();
  EXPECT_EQ(twilio.sender_lists, 1);
  run(world->replace_senders({other, number}));
  const BackfillView done = ended();
  EXPECT_EQ(twilio.sender_lists, 1);
  ASSERT_EQ(done.senders.size(), 1u) << "a number without WhatsApp has no windows";
  EXPECT_EQ(done.senders[0].sender, kOther);
}

TEST_F(WorldBackfill, AFailureLeavesPairsUnknownAndIsTriedAgainWithGrowingPauses) {
  twilio.silent = true;
  go_on();
  ended();
  EXPECT_EQ(state_of(kAna), WindowState::Unknown);
  std::vector<Duration> pauses;
  Time last = test::kStart;
  for (int i = 0; i < 9; ++i) {
    const Time next = view().next.value_or(Time());
    pauses.push_back(next - last);
    last = next;
    advance(next - run(world->clock()).now);
  }
  const std::vector<Duration> want{5s, 10s, 20s, 40s, 80s, 160s, 320s, 600s, 600s};
  EXPECT_EQ(pauses, want);
  EXPECT_EQ(view().error->code, Errc::NotReached);
}

TEST_F(WorldBackfill, AFailureOnTheWayIsOne) {
  for (int i = 0; i < 25; ++i) wrote(kAna, std::chrono::minutes(i + 1));
  twilio.page_size = 10;
  twilio.pages_until_silent = 2;
  go_on();
  EXPECT_EQ(ended().senders.at(0).state, SenderBackfill::State::Failed);
  ASSERT_EQ(told().size(), 1u);
  EXPECT_NE(told()[0].error, "");
  EXPECT_EQ(state_of(kBen), WindowState::Closed) << "looked up";
  EXPECT_EQ(twilio.lookups, 1);
  twilio.pages_until_silent.reset();
  advance(5s);
  EXPECT_EQ(view().state, State::Done);
  EXPECT_EQ(told().size(), 2u);
}

TEST_F(WorldBackfill, RecordsThatCannotBeReadProveNothing) {
  twilio.unread = 1;
  go_on();
  EXPECT_EQ(ended().state, State::Failed);
  twilio.silent = true;
  EXPECT_EQ(state_of(kAna), WindowState::Unknown);
}

TEST_F(WorldBackfill, LooksOnceMoreForWhatTheListDidNotHaveYet) {
  go_on();
  ended();
  EXPECT_EQ(state_of(kAna), WindowState::Closed);
  wrote(kAna, 1s);
  advance(1min);
  EXPECT_EQ(state_of(kAna), WindowState::Open);
  EXPECT_EQ(twilio.queries.back().since, test::kStart - 5min);
  const int pages = twilio.pages;
  advance(24h);
  EXPECT_EQ(twilio.pages, pages);
  EXPECT_EQ(told().size(), 1u);
}

TEST_F(WorldBackfill, ByHandReadsTheWholeDay) {
  go_on();
  ended();
  wrote(kAna, 20h);
  EXPECT_EQ(run(world->backfill(Backfill::Reach::WholeDay))->state, State::Reading);
  ended();
  EXPECT_EQ(state_of(kAna), WindowState::Open);
}

TEST_F(WorldBackfill, NobodyIsAskedInSimulateMode) {
  EXPECT_EQ(run(world->backfill(std::nullopt)).error().code, Errc::Conflict);
}

TEST_F(WorldBackfill, WhatNobodyTellsIsNotBelievedForLong) {
  hears_users = false;
  go_on();
  EXPECT_EQ(view().state, State::Idle);
  ASSERT_TRUE(run(world->backfill(Backfill::Reach::WholeDay)));
  EXPECT_EQ(ended().state, State::Done);
  EXPECT_EQ(state_of(kAna), WindowState::Closed);
  EXPECT_EQ(twilio.lookups, 1);
  advance(9s);
  EXPECT_EQ(state_of(kAna), WindowState::Closed);
  EXPECT_EQ(twilio.lookups, 1);
  wrote(kAna, 0s);
  advance(1s);
  EXPECT_EQ(state_of(kAna), WindowState::Open);
}

struct UnknownCase {
  std::string name;
  policy::UnknownWindow unknown;
  policy::LookupFailed lookup_failed;
  bool silent;
  Verdict want;
  int lookups;
};

TEST_F(WorldBackfill, AnUnknownWindowIsWhatThePolicySays) {
  using policy::LookupFailed;
  using policy::UnknownWindow;
  const std::vector<UnknownCase> cases{
      {"looked up", UnknownWindow::Lookup, LookupFailed::Open, false, Reject{}, 1},
      {"not answered", UnknownWindow::Lookup, LookupFailed::Open, true, Pass{}, 1},
      {"not answered, closed", UnknownWindow::Lookup, LookupFailed::Closed, true, Reject{}, 1},
      {"closed", UnknownWindow::Closed, LookupFailed::Open, false, Reject{}, 0},
      {"open", UnknownWindow::Open, LookupFailed::Closed, false, Pass{}, 0},
  };
  hears_users = false;
  for (const UnknownCase& c : cases) {
    policy::Policy made{.rules = policy::built_in_rules()};
    made.window.unknown = c.unknown;
    made.window.lookup_failed = c.lookup_failed;
    policy = std::make_shared<const policy::Policy>(made);
    twilio.silent = c.silent;
    twilio.lookups = 0;
    go_on();
    policy::SendCall call{.request = request()};
    call.params = {{"To", test::kAna}, {"From", test::kShop}, {"Body", "Hola"}};
    EXPECT_EQ(judged(std::move(call)).decision.verdict, c.want) << c.name;
    EXPECT_EQ(twilio.lookups, c.lookups) << c.name;
  }
}

class BackfillRestart : public test::Restarting<WorldBackfill> {
 protected:
  void go_on() {
    restart();
    run(world->set_policy(policy));
    ended();
  }
  Time since() { return twilio.queries.back().since; }
  void hear(const Address& user) { ASSERT_TRUE(run(world->receive(inbound(user.text)))); }
};

TEST_F(BackfillRestart, GoesOnFromTheLastMessageItHeard) {
  go_on();
  EXPECT_EQ(since(), test::kStart - 24h);
  advance(2h);
  hear(kAna);
  go_on();  // the clock begins again at the start
  EXPECT_EQ(since(), test::kStart + 2h - 5min);
}

TEST_F(BackfillRestart, WhereNobodyWroteItGoesOnFromTheLastBackfill) {
  go_on();
  go_on();
  EXPECT_EQ(since(), test::kStart - 5min);
}

TEST_F(BackfillRestart, AMessageThatCameBeforeItsEndProvesNothing) {
  twilio.silent = true;
  go_on();
  hear(kAna);
  twilio.silent = false;
  go_on();
  EXPECT_EQ(since(), test::kStart - 24h);
}

TEST_F(BackfillRestart, AfterAResetTheWholeDayIsRead) {
  wrote(kAna, 3h);
  go_on();
  ASSERT_TRUE(run(world->reset()));
  ended();
  EXPECT_EQ(since(), test::kStart - 24h);
  EXPECT_EQ(state_of(kAna), WindowState::Open);
}

}  // namespace
}  // namespace twindow::gateway
