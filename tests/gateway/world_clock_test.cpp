// SPDX-License-Identifier: Apache-2.0
// The three clocks, and what `advance` promises.
#include <algorithm>

#include "tests/support/world_fixture.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;
using Statuses = std::vector<std::string>;

class ManualTime : public test::WorldTest {};

TEST_F(ManualTime, MovesOnlyWhenTold) {
  send(request());
  wall.time += 1h;
  context.restart();
  context.poll();
  EXPECT_TRUE(app.webhooks.empty());
  EXPECT_EQ(run(world->clock()).now, test::kStart);
}

TEST_F(ManualTime, AdvanceTellsAllThatHappened) {
  send(request());
  const auto advanced = run(world->advance(24h));
  ASSERT_TRUE(advanced);
  EXPECT_EQ(advanced->now, test::kStart + 24h);
  ASSERT_EQ(advanced->events.size(), 3u);  // undelivered, its callback, the clock
  EXPECT_EQ(std::get<MessageEvent>(advanced->events[0].what).message.error_code, 63016);
  EXPECT_EQ(advanced->events[0].at, test::kStart + 2s);
  EXPECT_EQ(std::get<WebhookEvent>(advanced->events[1].what).record.outcome.http_status, 204);
  EXPECT_EQ(std::get<ClockEvent>(advanced->events[2].what).text, "advanced 24h");
}

TEST_F(ManualTime, EveryCallbackIsAnsweredBeforeTimeMovesOn) {
  ASSERT_TRUE(run(world->receive(inbound())));
  send(request());
  std::vector<Time> seen;
  app.before_answer = [&](const Webhook&) -> Task<void> {
    const ClockView clock = co_await world->clock();
    seen.push_back(clock.now);
  };
  const auto advanced = run(world->advance(10s));
  ASSERT_TRUE(advanced);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_LT(seen[0], seen[1]);
  EXPECT_LT(seen[1], test::kStart + 10s);
}

TEST_F(ManualTime, TheAppMaySendFromInsideACallback) {
  send(request());
  app.before_answer = [&](const Webhook& webhook) -> Task<void> {
    if (app.webhooks.size() > 1) co_return;
    SendRequest retry = request();
    retry.body = "again " + webhook.message.text;
    const auto sent = co_await world->send(std::move(retry));
    EXPECT_TRUE(sent);
  };
  ASSERT_TRUE(run(world->advance(10s)));
  EXPECT_EQ(app.statuses(), (Statuses{"undelivered 63016", "undelivered 63016"}));
}

TEST_F(ManualTime, ASecondAdvanceIsAConflictAlsoFromInsideACallback) {
  send(request());
  std::optional<Error> refused;
  app.before_answer = [&](const Webhook&) -> Task<void> {
    const auto inner = co_await world->advance(1h);
    if (!inner) refused = inner.error();
  };
  ASSERT_TRUE(run(world->advance(10s)));
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->code, Errc::Conflict);
  EXPECT_EQ(run(world->clock()).now, test::kStart + 10s);
  EXPECT_TRUE(run(world->advance(1s))) << "and the next one works";
}

TEST_F(ManualTime, IsSetForwardsOnly) {
  ASSERT_TRUE(run(world->set_time(test::kStart + 48h)));
  EXPECT_EQ(run(world->clock()).now, test::kStart + 48h);
  EXPECT_EQ(run(world->set_time(test::kStart)).error().code, Errc::Conflict);
  EXPECT_EQ(run(world->clock()).now, test::kStart + 48h);
}

class RealTime : public test::WorldTest {
 protected:
  RealTime() : WorldTest(ClockMode::Real) {}
};

TEST_F(RealTime, TicksWithTheWallClock) {
  wall.time += 90s;
  EXPECT_EQ(run(world->clock()).now, test::kStart + 90s);
}

TEST_F(RealTime, AdvanceAddsAnOffsetAndTheClockTicksOn) {
  const Message queued = send(request());
  ASSERT_TRUE(run(world->advance(24h)));
  EXPECT_EQ(find(queued.sid).error_code, 63016);
  EXPECT_EQ(run(world->clock()).now, test::kStart + 24h);
  wall.time += 5s;
  EXPECT_EQ(run(world->clock()).now, test::kStart + 24h + 5s);
}

TEST_F(RealTime, NeverGoesBackWithTheWallClock) {
  wall.time += 1h;
  ASSERT_TRUE(run(world->advance(1s)));
  wall.time -= 30min;
  EXPECT_EQ(run(world->clock()).now, test::kStart + 1h + 1s);
}

TEST_F(RealTime, RunsWhatIsDueByItself) {
  // Due at once on the wall clock: the ticker needs no advance.
  sim::CarrierProfile profile;
  profile.closed_after = 0ms;
  begin(ClockMode::Real, 1, profile);
  bool told = false;
  app.before_answer = [&](const Webhook&) -> Task<void> {
    told = true;
    co_return;
  };
  send(request());
  context.restart();
  while (!told && context.run_one() > 0) {
  }
  EXPECT_EQ(app.statuses(), (Statuses{"undelivered 63016"}));
}

// The ticker sleeps until something is due; what is set by hand may be due before that.
class RealWindowEnds : public RealTime {
 protected:
  static constexpr Duration kSoon = 20ms;
  RealWindowEnds() { run(world->clock()); }
  WindowKey key() { return window_key(*parse_from(test::kShop), *parse_to(test::kAna)); }
  template <class What>
  bool tells() {
    const auto told = [this] {
      return std::ranges::any_of(sink.events, [](const Event& event) {
        return std::get_if<What>(&event.what) != nullptr;
      });
    };
    test::run_until(context, told);
    return told();
  }
};

TEST_F(RealWindowEnds, OneThatWasSetByHandEndsByItself) {
  ASSERT_TRUE(run(world->put_window({key(), test::kStart - 24h + kSoon, test::kAna})));
  EXPECT_TRUE(tells<ClosingSoonEvent>());
  sink.events.clear();
  wall.time += kSoon;
  EXPECT_TRUE(tells<WindowEvent>());
  EXPECT_EQ(run(world->window(key()))->state, WindowState::Closed);
}

TEST_F(RealWindowEnds, OneThatEndsEarlierByAnotherPolicyDoesToo) {
  ASSERT_TRUE(run(world->receive(inbound())));
  run(world->clock());  // asleep until an hour before its end
  policy::Policy made{.rules = policy::built_in_rules()};
  made.window.margin = 24h - kSoon;
  run(world->set_policy(std::make_shared<const policy::Policy>(made)));
  sink.events.clear();
  wall.time += kSoon;
  EXPECT_TRUE(tells<WindowEvent>());
}

class AutoTime : public test::WorldTest {
 protected:
  AutoTime() : WorldTest(ClockMode::Auto) {}
  void run_until_told(std::size_t webhooks) {
    context.restart();
    while (app.webhooks.size() < webhooks && context.run_one() > 0) {
    }
  }
};

TEST_F(AutoTime, JumpsToTheNextStepOfAMessage) {
  const Message queued = send(request());
  run_until_told(1);
  EXPECT_EQ(run(world->clock()).now, test::kStart + 2s);
  EXPECT_EQ(find(queued.sid).error_code, 63016);
}

TEST_F(AutoTime, DoesNotJumpToADeadline) {
  ASSERT_TRUE(run(world->receive(inbound())));  // its window's end is a deadline
  send(request());
  run_until_told(2);
  EXPECT_LT(run(world->clock()).now, test::kStart + 1h);
}

TEST_F(AutoTime, StandsStillWhileACallIsUnderWay) {
  std::optional<World::CallGuard> call(*world);
  send(request());
  context.restart();
  context.run_for(60ms);
  EXPECT_TRUE(app.webhooks.empty());
  call.reset();
  run_until_told(1);
  EXPECT_EQ(app.webhooks.size(), 1u);
}

TEST(ClockModeText, IsReadBackAsItWasWritten) {
  using enum ClockMode;
  for (const ClockMode mode : {Real, Manual, Auto}) {
    EXPECT_EQ(parse_clock_mode(to_text(mode)), mode);
  }
  EXPECT_EQ(parse_clock_mode("fast"), std::nullopt);
}

}  // namespace
}  // namespace twindow::gateway
