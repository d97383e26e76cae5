// SPDX-License-Identifier: Apache-2.0
// Webhooks that are lost, late, doubled, out of order, early or signed wrongly, on purpose.
#include "tests/support/world_fixture.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class WorldFaults : public test::WorldTest {
 protected:
  void order(FaultCallbacks callbacks, Strings statuses = {}) {
    policy::FaultRule rule{.id = "f"};
    if (!statuses.empty()) {
      rule.match.conditions = {
          {.field = "MessageStatus", .op = policy::MatchOp::AnyOf, .values = statuses}};
    }
    rule.callbacks = callbacks;
    ASSERT_FALSE(run(world->set_faults({rule})));
  }
  Message send_open() {
    *run(world->receive(inbound()));
    return send(request());
  }
};

TEST_F(WorldFaults, ALostOneIsNotedAndNotSent) {
  order({.lost = true}, {"sent"});
  const Message message = send_open();
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(app.statuses(), Strings{"delivered"});
  const auto records = run(world->callbacks({.limit = 10}));
  ASSERT_EQ(records.size(), 2U);
  EXPECT_TRUE(records[1].outcome.lost);
  EXPECT_NE(records[1].outcome.error->detail.find("\"f\""), std::string::npos);
  EXPECT_TRUE(run(world->alerts()).empty()) << "Twilio would not know";
  EXPECT_EQ(find(message.sid).status, MessageStatus::Delivered);
}

TEST_F(WorldFaults, ALateOneComesInItsTime) {
  order({.late = 1min}, {"sent"});
  send_open();
  ASSERT_TRUE(run(world->advance(50s)));
  EXPECT_EQ(app.statuses(), Strings{"delivered"});
  ASSERT_TRUE(run(world->advance(20s)));
  EXPECT_EQ(app.statuses(), (Strings{"delivered", "sent"}));
}

TEST_F(WorldFaults, ADoubledOneHasTheSameIdempotencyToken) {
  order({.doubled = true}, {"delivered"});
  send_open();
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(app.statuses(), (Strings{"sent", "delivered", "delivered"}));
  EXPECT_EQ(app.webhooks[1].idempotency_token, app.webhooks[2].idempotency_token);
  EXPECT_NE(app.webhooks[1].id, app.webhooks[2].id);
}

TEST_F(WorldFaults, OutOfOrderChangesPlacesWithTheNext) {
  order({.out_of_order = true});
  send_open();
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(app.statuses(), (Strings{"delivered", "sent"}));
}

TEST_F(WorldFaults, OutOfOrderComesAloneIfNoneFollows) {
  order({.out_of_order = true});
  send(request());  // 63016
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_TRUE(app.statuses().empty());
  ASSERT_TRUE(run(world->advance(10s)));
  EXPECT_EQ(app.statuses(), Strings{"undelivered 63016"});
}

TEST_F(WorldFaults, TheFirstNewsMayComeBeforeTheAnswer) {
  order({.before_answer = true});
  const Message message = send_open();
  run(world->tell_before_answer(message.sid));
  EXPECT_EQ(app.statuses(), Strings{"sent"});
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(app.statuses(), (Strings{"sent", "delivered"})) << "and not again";
}

TEST_F(WorldFaults, ASignatureIsOrdered) {
  order({.signature = SignatureFault::OtherPort});
  send_open();
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(app.webhooks.back().fault.signature, SignatureFault::OtherPort);
}

TEST_F(WorldFaults, AResetForgetsThem) {
  order({.lost = true});
  EXPECT_TRUE(world->faulty());
  ASSERT_TRUE(run(world->reset()));
  EXPECT_FALSE(world->faulty());
  EXPECT_TRUE(run(world->faults()).empty());
  send_open();
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(app.statuses().size(), 2U);
}

TEST_F(WorldFaults, APauseLastsAsLongAsTheWorldsTime) {
  std::string log;
  const auto call = [&]() -> Task<void> {
    const auto pause = co_await world->pause(10s);
    const ClockView clock = co_await world->clock();
    log += clock.now == test::kStart + 10s ? "in time" : "late";
  };
  // The lambda outlives its coroutine.
  start_on(boost::asio::make_strand(context), call());
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(log, "");
  ASSERT_TRUE(run(world->advance(1h)));
  EXPECT_EQ(log, "in time") << "time does not go on over the call";
}

TEST_F(WorldFaults, AResetEndsAPause) {
  bool over = false;
  const auto call = [&]() -> Task<void> {
    const auto pause = co_await world->pause(10s);
    over = true;
  };
  start_on(boost::asio::make_strand(context), call());
  ASSERT_TRUE(run(world->clock()).now == test::kStart);
  ASSERT_TRUE(run(world->reset()));
  run(world->clock());
  EXPECT_TRUE(over);
}

}  // namespace
}  // namespace twindow::gateway
