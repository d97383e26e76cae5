// SPDX-License-Identifier: Apache-2.0
// A world that goes on where an earlier run of the program left it.
#include <algorithm>
#include <set>

#include "tests/support/temp_folder.h"
#include "tests/support/world_fixture.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;

class WorldRestart : public WorldTest {
 protected:
  WorldRestart() { restart(); }
  ~WorldRestart() override {
    backend_->close();
    context.discard();
  }

  // With the same seed, as `--seed` gives it.
  void restart() {
    if (backend_) backend_->close();
    earlier_worlds.push_back(std::move(world));
    earlier_backends_.push_back(std::move(backend_));
    backend_ = *store::open_sqlite_backend({.file = folder_.path() / "twindow.db"});
    world = make(gateway::ClockMode::Manual, 63016, {}, backend_->open_account(kAccount));
    world->start();
  }

  TempFolder folder_;
  std::vector<std::unique_ptr<store::Backend>> earlier_backends_;
  std::unique_ptr<store::Backend> backend_;
};

TEST_F(WorldRestart, GivesNoSidTwice) {
  const MessageSid first = send(request()).sid;
  const auto received = run(world->receive(inbound()));
  ASSERT_TRUE(received);
  restart();
  const MessageSid third = send(request()).sid;
  EXPECT_EQ(run(world->list({}, {}))->messages.size(), 3u);
  restart();
  begin(gateway::ClockMode::Manual, 63016);  // one that knows nothing
  EXPECT_EQ(send(request()).sid, first);
  EXPECT_EQ(send(request()).sid, received->message.sid);
  EXPECT_EQ(send(request()).sid, third) << "as if there had been no restart";
}

TEST_F(WorldRestart, GivesNoIdempotencyTokenTwice) {
  std::set<std::string> tokens;
  for (int i = 0; i < 3; ++i) {
    send(request());
    ASSERT_TRUE(run(world->advance(5s)));
    restart();
  }
  for (const Webhook& webhook : app.webhooks) tokens.insert(webhook.idempotency_token);
  EXPECT_EQ(app.webhooks.size(), 3u);
  EXPECT_EQ(tokens.size(), 3u);
}

TEST_F(WorldRestart, KnowsTheWindowsAndTellsWhenTheyClose) {
  ASSERT_TRUE(run(world->receive(inbound())));
  restart();
  EXPECT_EQ(send(request()).window.state, WindowState::Open);
  EXPECT_EQ(run(world->gauges()).windows_open, 1u);
  sink.events.clear();
  ASSERT_TRUE(run(world->advance(24h)));
  EXPECT_TRUE(std::any_of(sink.events.begin(), sink.events.end(), [](const Event& event) {
    const auto* window = std::get_if<WindowEvent>(&event.what);
    return window != nullptr && window->state == WindowState::Closed;
  }));
  EXPECT_EQ(send(request()).window.state, WindowState::Closed);
}

TEST_F(WorldRestart, AResetIsNotUndone) {
  const MessageSid first = send(request()).sid;
  ASSERT_TRUE(run(world->reset()));
  restart();
  EXPECT_TRUE(run(world->list({}, {}))->messages.empty());
  EXPECT_EQ(send(request()).sid, first) << "SIDs begin anew";
}

}  // namespace
}  // namespace twindow::test
