// SPDX-License-Identifier: Apache-2.0
// A world that goes on where an earlier run of the program left it.
#include <algorithm>
#include <set>

#include "tests/support/restarting.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;

class WorldRestart : public Restarting<WorldTest> {
 protected:
  WorldRestart() { restart(); }
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

TEST_F(WorldRestart, WhatIsSentMeanwhileIsNotTakenUp) {
  profile.limits.sender_rates = true;
  restart();
  SendRequest ten = request("+15555550123", "+14155550199");
  ten.body = std::string(153 * 10, 'x');  // ten seconds of a long code
  send(ten);
  const MessageSid second = send(request("+15555550123", "+14155550199")).sid;
  ASSERT_TRUE(run(world->advance(9s)));
  EXPECT_EQ(find(second).status, MessageStatus::Queued);
  ASSERT_TRUE(run(world->advance(4s)));
  EXPECT_EQ(find(second).status, MessageStatus::Delivered) << "not behind the first one twice";
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
