// SPDX-License-Identifier: Apache-2.0
// Same seed, same inputs: the same transcript, to the byte.
#include <sstream>

#include "tests/support/world_fixture.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;

class WorldSeed : public test::WorldTest {
 protected:
  // A session of sends, users and time, as a text.
  std::string session(std::uint64_t seed) {
    app.webhooks.clear();
    begin(ClockMode::Manual, seed);
    std::ostringstream transcript;
    Random random(seed);
    for (int i = 0; i < 40; ++i) {
      const std::string user = "whatsapp:+1555867531" + std::to_string(random.below(3));
      const auto dice = random.below(4);
      if (dice == 0) {
        transcript << run(world->receive(inbound(user)))->message.sid.text << "\n";
      } else if (dice == 1) {
        EXPECT_TRUE(run(world->advance(Duration(random.below(30 * 3'600'000)))));
      } else {
        transcript << send(request(user)).sid.text << "\n";
      }
    }
    EXPECT_TRUE(run(world->advance(1h)));
    for (const Webhook& webhook : app.webhooks) {
      const Message& message = std::get<StatusNews>(webhook.news).message;
      transcript << webhook.id << " " << webhook.idempotency_token << " " << message.sid.text << " "
                 << to_text(message.status) << " " << message.updated.time_since_epoch().count()
                 << "\n";
    }
    return transcript.str();
  }
};

TEST_F(WorldSeed, TwoRunsAreEqual) {
  const std::string first = session(7);
  EXPECT_EQ(session(7), first);
  EXPECT_NE(session(8), first);
}

TEST_F(WorldSeed, InManyRandomSessionsEveryMessageEndsAndNoFreeFormLeavesAClosedWindow) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    session(seed);
    const auto page = run(world->list(MessageFilter{}, PageRequest{.limit = 1000}));
    ASSERT_TRUE(page);
    for (const Message& message : page->messages) {
      ASSERT_TRUE(is_final(message.status)) << "seed=" << seed;
      if (message.direction == Direction::Inbound) continue;
      const bool open = message.window.state == WindowState::Open;
      ASSERT_EQ(message.status == MessageStatus::Delivered, open) << "seed=" << seed;
      MessageStatus last = MessageStatus::Queued;
      for (const TimelineEntry& entry : message.timeline) {
        const auto* reached = std::get_if<StatusReached>(&entry.what);
        if (reached == nullptr || reached->status == last) continue;
        ASSERT_TRUE(reachable(last, reached->status)) << "seed=" << seed;
        last = reached->status;
      }
    }
  }
}

}  // namespace
}  // namespace twindow::gateway
