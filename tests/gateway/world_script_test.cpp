// SPDX-License-Identifier: Apache-2.0
// A world that a scenario was given: where it begins, and what becomes of its sends.
#include <gmock/gmock.h>

#include "tests/support/world_fixture.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;
using test::kAna;
using test::kShop;
using test::kStart;
using testing::ElementsAre;
using testing::IsEmpty;
using Statuses = std::vector<std::string>;
using enum MessageStatus;

policy::ScriptedCallback at(Duration time, MessageStatus status,
                            std::optional<int> error_code = std::nullopt) {
  policy::ScriptedCallback callback{.since_create = true, .time = time};
  callback.news.status = status;
  callback.news.error_code = error_code;
  return callback;
}

class WorldScript : public test::WorldTest {
 protected:
  void set_up(WorldSetup setup, gateway::SetUp how = gateway::SetUp::Begin) {
    const Result<void> done = run(world->set_up(std::move(setup), how));
    EXPECT_TRUE(done) << (done ? "" : done.error().detail);
  }
  void say(std::vector<policy::ScriptedCallback> callbacks) {
    set_up({.rules = {{.id = "a", .callbacks = std::move(callbacks)}}});
  }
  // As the API does it: the rules are asked first, and their plan goes with the request.
  Message scripted_send(std::string to = kAna) {
    SendRequest made = request(std::move(to));
    policy::SendCall call{.request = made};
    call.params = {{"To", made.to.text}, {"From", made.from->text}, {"Body", made.body}};
    auto hit = run(world->script_of(std::move(call)));
    if (hit) made.script = hit->plan;
    return send(std::move(made));
  }
  Time now() { return run(world->clock()).now; }
};

TEST_F(WorldScript, WhatARuleSaysBecomesOfTheMessageAndNothingElse) {
  say({at(500ms, Sent), at(1500ms, Read)});
  EXPECT_TRUE(world->scripted());
  const Message queued = scripted_send();
  EXPECT_EQ(queued.window.state, WindowState::Closed) << "which would be 63016";
  ASSERT_TRUE(run(world->advance(499ms)));
  EXPECT_THAT(app.statuses(), IsEmpty());
  ASSERT_TRUE(run(world->advance(1ms)));
  EXPECT_EQ(find(queued.sid).status, Sent);
  ASSERT_TRUE(run(world->advance(24h)));
  EXPECT_EQ(find(queued.sid).status, Read);
  EXPECT_EQ(app.statuses(), (Statuses{"sent", "read"}));
}

TEST_F(WorldScript, LateNewsIsToldAndMovesNothing) {
  say({at(900ms, Delivered), at(1100ms, Sent)});
  const Message queued = scripted_send();
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(app.statuses(), (Statuses{"delivered", "sent"}));
  EXPECT_EQ(find(queued.sid).status, Delivered);
}

TEST_F(WorldScript, ACallbackIsRepeatedUnderOneTokenOrDropped) {
  auto twice = at(1s, Sent);
  twice.news.repeat = 1;
  auto dropped = at(2s, Delivered);
  dropped.news.drop = true;
  say({twice, dropped, at(3s, Read)});
  const Message queued = scripted_send();
  ASSERT_TRUE(run(world->advance(2s)));
  EXPECT_EQ(find(queued.sid).status, Delivered) << "though nobody was told";
  ASSERT_TRUE(run(world->advance(1s)));
  EXPECT_EQ(app.statuses(), (Statuses{"sent", "sent", "read"}));
  const auto records = run(world->callbacks({}));
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[1].webhook.idempotency_token, records[2].webhook.idempotency_token);
  EXPECT_NE(records[1].webhook.id, records[2].webhook.id);
  EXPECT_NE(records[0].webhook.idempotency_token, records[2].webhook.idempotency_token);
}

TEST_F(WorldScript, ASignatureIsWhatTheRuleMakesOfIt) {
  for (const SignatureFault fault :
       {SignatureFault::None, SignatureFault::Wrong, SignatureFault::Missing,
        SignatureFault::OtherPort, SignatureFault::OtherScheme}) {
    auto told = at(1s, Sent);
    told.news.signature = fault;
    told.news.repeat = 1;
    say({told, at(2s, Delivered)});
    app.webhooks.clear();
    scripted_send();
    ASSERT_TRUE(run(world->advance(5s)));
    ASSERT_EQ(app.webhooks.size(), 3U);
    EXPECT_EQ(app.webhooks[0].fault.signature, fault);
    EXPECT_EQ(app.webhooks[1].fault.signature, fault) << "each time that it is told";
    EXPECT_EQ(app.webhooks[0].fault.rule, fault == SignatureFault::None ? "" : "a");
    EXPECT_EQ(app.webhooks[2].fault.signature, SignatureFault::None);
  }
}

TEST_F(WorldScript, AFaultHitsWhatARuleTells) {
  auto told = at(1s, Sent);
  told.news.signature = SignatureFault::Missing;
  say({told, at(2s, Delivered)});
  policy::FaultRule late{.id = "late", .match = {.webhook = "status"}};
  late.callbacks = FaultCallbacks{.late = 1h};
  const auto mistake = run(world->set_faults({late}));
  ASSERT_FALSE(mistake);
  scripted_send();
  ASSERT_TRUE(run(world->advance(30min)));
  EXPECT_THAT(app.statuses(), IsEmpty());
  ASSERT_TRUE(run(world->advance(1h)));
  EXPECT_EQ(app.statuses(), (Statuses{"sent", "delivered"}));
  EXPECT_EQ(app.webhooks[0].fault.signature, SignatureFault::Missing);
}

TEST_F(WorldScript, ParametersAreToldAsTheyAreSaid) {
  auto ended = at(2s, Undelivered, 63016);
  ended.news.params = {{"ErrorMessage", ""}, {"Extra", "x"}};
  say({ended});
  const Message queued = scripted_send();
  ASSERT_TRUE(run(world->advance(2s)));
  EXPECT_EQ(find(queued.sid).error_code, 63016);
  const auto records = run(world->callbacks({}));
  ASSERT_EQ(records.size(), 1U);
  const auto& news = std::get<StatusNews>(records[0].webhook.news);
  EXPECT_THAT(news.said, ElementsAre(Param{"ErrorMessage", ""}, Param{"Extra", "x"}));
}

TEST_F(WorldScript, ASilentRuleLeavesTheMessageAsItIs) {
  say({});
  const Message queued = scripted_send();
  ASSERT_TRUE(run(world->advance(48h)));
  EXPECT_EQ(find(queued.sid).status, Queued);
  EXPECT_THAT(app.statuses(), IsEmpty());
}

TEST_F(WorldScript, WhereNoRuleMatchesTheSimulatorGoesItsOwnWays) {
  const auto other =
      policy::SendMatcher::make({{.field = "To", .values = {"whatsapp:+15555550123"}}});
  set_up({.rules = {{.id = "a", .match = *other, .callbacks = {{at(1s, Failed, 63018)}}}}});
  const Message queued = scripted_send();
  ASSERT_TRUE(run(world->advance(2s)));
  EXPECT_EQ(find(queued.sid).error_code, 63016);
}

TEST_F(WorldScript, BeginsAtAnyTimeWithItsSeedAndItsWindows) {
  const Time start = kStart - 365 * 24h;
  const auto setup = [&] {
    return WorldSetup{
        .seed = 7,
        .start = start,
        .windows = {{.sender = *parse_from(kShop), .user = *parse_to(kAna), .since_now = -23h}}};
  };
  set_up(setup());
  EXPECT_EQ(now(), start);
  const Message first = send(request());
  EXPECT_EQ(first.window.state, WindowState::Open);
  EXPECT_EQ(first.created, start);
  ASSERT_TRUE(run(world->advance(1h)));
  EXPECT_EQ(send(request()).window.state, WindowState::Closed);

  begin(ClockMode::Manual, 63016);
  set_up(setup());
  EXPECT_EQ(send(request()).sid, first.sid) << "the same seed makes the same SIDs";
}

TEST_F(WorldScript, AUsedWorldIsNotTakenElsewhere) {
  const Message before = send(request());
  const auto moved = run(world->set_up({.start = kStart - 24h}, gateway::SetUp::Begin));
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, Errc::Conflict);
  EXPECT_FALSE(run(world->set_up({.seed = 8}, gateway::SetUp::Begin)));
  EXPECT_EQ(find(before.sid).sid, before.sid);
  EXPECT_EQ(now(), kStart);
  set_up({.seed = 63016, .start = kStart}, gateway::SetUp::Begin);
  EXPECT_EQ(find(before.sid).sid, before.sid) << "where it began already it stays as it is";
}

TEST_F(WorldScript, RefreshingTakesSendersAndRulesAlone) {
  ASSERT_TRUE(run(world->advance(1h)));
  const Sender sender{.address = *parse_from(kShop), .status_callback = "https://a.example/s"};
  set_up({.seed = 8,
          .start = kStart - 24h,
          .clock = ClockMode::Auto,
          .senders = {sender},
          .windows = {{.sender = sender.address, .user = *parse_to(kAna)}},
          .rules = {{.id = "a", .callbacks = {{at(1s, Sent)}}}}},
         gateway::SetUp::Refresh);
  EXPECT_EQ(now(), kStart + 1h);
  EXPECT_EQ(run(world->clock()).mode, ClockMode::Manual);
  EXPECT_THAT(run(world->windows()), IsEmpty());
  EXPECT_THAT(run(world->senders()), ElementsAre(sender));
  EXPECT_TRUE(world->scripted());
}

TEST_F(WorldScript, AResetForgetsTheRulesAndWhatTheyHadToSay) {
  say({at(1s, Sent)});
  scripted_send();
  ASSERT_TRUE(run(world->reset()));
  EXPECT_FALSE(world->scripted());
  ASSERT_TRUE(run(world->advance(2s)));
  EXPECT_THAT(app.statuses(), IsEmpty());
}

// The clock of such a world stands still while an API call is under way, but not for one that waits
// for it.
TEST_F(WorldScript, ADelayIsOfTheWorldsTime) {
  begin(ClockMode::Auto, 63016);
  set_up({.rules = {{.id = "slow", .respond = ScriptResponse{.delay = 10min}}}});
  const World::CallGuard guard(*world);
  policy::SendCall call{.request = request()};
  call.params = {{"To", kAna}, {"From", kShop}, {"Body", "Hola"}};
  const auto hit = run(world->script_of(std::move(call)));
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->rule, "slow");
  EXPECT_EQ(now(), kStart + 10min);
  EXPECT_EQ(world->calls_under_way(), 1U);
}

TEST_F(WorldScript, AnOptOutIsGiven) {
  set_up({.opt_outs = {{.sender = *parse_from(kShop), .user = *parse_to(kAna)}}});
  const auto refused = run(world->send(request()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::OptedOut);
}

TEST_F(WorldScript, TheClockOfTheScenarioRuns) {
  set_up({.start = kStart - 24h, .clock = ClockMode::Auto});
  EXPECT_EQ(run(world->clock()).mode, ClockMode::Auto);
  EXPECT_EQ(now(), kStart - 24h);
}

}  // namespace
}  // namespace twindow::gateway
