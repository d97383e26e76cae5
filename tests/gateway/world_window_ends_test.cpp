// SPDX-License-Identifier: Apache-2.0
// A window that closes soon is told once, unless the user writes again.
#include "tests/support/fake_twilio.h"
#include "tests/support/restarting.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;
using Times = std::vector<Time>;

const std::string kWarnUrl = "https://app.example.com/closing";

class WorldWindowEnds : public test::WorldTest {
 protected:
  void judge(Duration margin, Duration warn_before) {
    policy::Policy made{.rules = policy::built_in_rules()};
    made.window.margin = margin;
    made.window.warn_before = warn_before;
    run(world->set_policy(std::make_shared<const policy::Policy>(made)));
  }
  void hear() { ASSERT_TRUE(run(world->receive(inbound()))); }
  void advance(Duration by) { ASSERT_TRUE(run(world->advance(by))); }
  Times warned() {
    Times all;
    for (const Event& event : sink.events) {
      if (std::get_if<ClosingSoonEvent>(&event.what) != nullptr) all.push_back(event.at);
    }
    return all;
  }
  void name_url() {
    AccountOptions account{.sid = test::kAccount};
    account.closing_soon_url = kWarnUrl;
    run(world->configure(account));
  }
  WindowKey key() { return window_key(*parse_from(test::kShop), *parse_to(test::kAna)); }
};

TEST_F(WorldWindowEnds, AreAnnouncedAnHourBefore) {
  hear();
  advance(23h - 1ms);
  EXPECT_EQ(warned(), Times{});
  advance(1ms);
  EXPECT_EQ(warned(), Times{test::kStart + 23h});
  advance(48h);
  EXPECT_EQ(warned().size(), 1u);
  const auto* event = std::get_if<ClosingSoonEvent>(&sink.events[1].what);
  EXPECT_TRUE(event == nullptr || event->closes == test::kStart + 24h);
}

TEST_F(WorldWindowEnds, AsThePolicySays) {
  judge(60s, 2h);
  hear();
  advance(24h);
  EXPECT_EQ(warned(), Times{test::kStart + 22h - 60s});
}

TEST_F(WorldWindowEnds, AreNotAnnouncedIfTheUserWritesAgain) {
  hear();
  advance(22h);
  hear();
  advance(2h);
  EXPECT_EQ(warned(), Times{});
  advance(24h);
  EXPECT_EQ(warned(), Times{test::kStart + 45h});
}

TEST_F(WorldWindowEnds, AnOlderMessageAnnouncesNothingTwice) {
  hear();
  Window window = run(world->window(key()))->window;
  ASSERT_TRUE(run(world->put_window(window)));
  advance(24h);
  EXPECT_EQ(warned().size(), 1u);
}

TEST_F(WorldWindowEnds, AreNotAnnouncedOnceTheyAreClosed) {
  hear();
  Window window = run(world->window(key()))->window;
  window.closed = true;
  ASSERT_TRUE(run(world->put_window(window)));
  advance(24h);
  EXPECT_EQ(warned(), Times{});
}

TEST_F(WorldWindowEnds, OneThatClosesSoonAlreadyIsAnnouncedAtOnce) {
  ASSERT_TRUE(run(world->put_window({key(), test::kStart - 23h - 30min, test::kAna})));
  advance(1s);
  EXPECT_EQ(warned(), Times{test::kStart});
}

TEST_F(WorldWindowEnds, AnotherPolicyIsAnotherTime) {
  hear();
  judge(0s, 3h);
  advance(24h);
  EXPECT_EQ(warned(), Times{test::kStart + 21h});
}

TEST_F(WorldWindowEnds, TheAppIsToldWhereItWantsToBe) {
  name_url();
  hear();
  advance(24h);
  ASSERT_EQ(app.webhooks.size(), 1u);
  EXPECT_EQ(app.webhooks[0].url, kWarnUrl);
  const auto& news = std::get<ClosingSoonNews>(app.webhooks[0].news);
  EXPECT_EQ(news.window.key, key());
  EXPECT_EQ(news.closes, test::kStart + 24h);
  EXPECT_EQ(run(world->callbacks({})).size(), 1u);
}

class WindowEndsRestart : public test::Restarting<WorldWindowEnds> {};

TEST_F(WindowEndsRestart, AnnouncesWhatIsStillToCome) {
  restart();
  hear();
  restart();
  advance(24h);
  EXPECT_EQ(warned(), Times{test::kStart + 23h});
}

TEST_F(WindowEndsRestart, SaysNothingTwice) {
  restart();
  ASSERT_TRUE(run(world->put_window({key(), test::kStart - 23h - 30min, test::kAna})));
  advance(1s);
  restart();
  advance(1h);
  EXPECT_EQ(warned(), Times{test::kStart});
}

// Settling: what became of a send of which nothing more was heard.

class WorldSettles : public WorldWindowEnds {
 protected:
  WorldSettles() {
    real_twilio = &twilio;
    hears_users = false;
    relays = true;
    begin(ClockMode::Manual, 63016);
    judge(0s, 1h);
  }
  MessageSid sent() {
    const SendRequest send = request();
    policy::SendCall call{.request = send};
    const World::Decided decided = judged(std::move(call));
    const MessageSid sid{"SM" + std::string(32, '1')};
    LedgerEntry entry = ledger_entry(decided.decision, send, decided.at, "");
    SendRequest request = send;
    const auto kept = world->keep_sent_now(request, sid, MessageStatus::Queued, entry);
    EXPECT_EQ(kept.has_value(), at_once);
    if (kept) {
      EXPECT_TRUE(*kept);
    } else {
      EXPECT_TRUE(run(world->keep_sent(send, sid, MessageStatus::Queued, std::move(entry))));
    }
    return sid;
  }
  void became(MessageStatus status, std::optional<int> code = {}) {
    RemoteMessage remote{.sid = MessageSid{"SM" + std::string(32, '1')}};
    remote.status = status;
    remote.error_code = code;
    remote.from = test::kShop;
    twilio.sent = {remote};
  }
  LedgerEntry entry() { return run(world->decisions({}))->at(0); }
  // Lets what a timer has begun run along, through the store too.
  void look() {
    for (int i = 0; i < 20; ++i) {
      EXPECT_TRUE(run(world->decisions({})));
    }
  }

  test::FakeTwilio twilio;
  bool at_once = true;  // a send is kept without a wait
};

TEST_F(WorldSettles, AsksOnceWhatBecameOfAnOpenMessage) {
  hear();
  const MessageSid sid = sent();
  became(MessageStatus::Undelivered, 63016);
  advance(10min - 1ms);
  look();
  EXPECT_EQ(twilio.finds, 0);
  advance(1ms);
  look();
  EXPECT_EQ(twilio.finds, 1);
  EXPECT_EQ(find(sid).status, MessageStatus::Undelivered);
  EXPECT_EQ(entry().ended_as, MessageStatus::Undelivered);
  EXPECT_EQ(entry().error_code, 63016);
  EXPECT_EQ(run(world->window(key()))->state, WindowState::Closed) << "63016 is evidence";
  advance(24h);
  look();
  EXPECT_EQ(twilio.finds, 1);
}

TEST_F(WorldSettles, NobodyIsAskedForWhatHasEnded) {
  const MessageSid sid = sent();
  World::StatusHook hook;
  hook.news = {.sid = sid, .status = MessageStatus::Delivered};
  ASSERT_TRUE(run(world->hear_status(std::move(hook))));
  advance(1h);
  look();
  EXPECT_EQ(twilio.finds, 0);
}

TEST_F(WorldSettles, WhatIsStillOpenStaysSo) {
  const MessageSid sid = sent();
  became(MessageStatus::Queued);
  advance(1h);
  look();
  EXPECT_EQ(twilio.finds, 1);
  EXPECT_EQ(find(sid).status, MessageStatus::Queued);
  EXPECT_EQ(find(sid).timeline.size(), 1u);
  EXPECT_EQ(entry().ended_as, std::nullopt);
}

TEST_F(WorldSettles, ATwilioThatDoesNotAnswerIsNotAskedAgain) {
  const MessageSid sid = sent();
  twilio.silent = true;
  advance(24h);
  look();
  EXPECT_EQ(twilio.finds, 1);
  EXPECT_EQ(find(sid).status, MessageStatus::Queued);
}

class SettlesRestart : public test::Restarting<WorldSettles> {
 protected:
  SettlesRestart() { at_once = false; }  // as no disk can
};

TEST_F(SettlesRestart, AsksForWhatAnEarlierRunHasSent) {
  restart();
  judge(0s, 1h);
  const MessageSid sid = sent();
  restart();
  became(MessageStatus::Delivered);
  advance(10min);
  look();
  EXPECT_EQ(find(sid).status, MessageStatus::Delivered);
}

}  // namespace
}  // namespace twindow::gateway
