// SPDX-License-Identifier: Apache-2.0
// A user writes: what opens a window, what extends it, and what does not.
#include "tests/support/world_fixture.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;

class WorldInbound : public test::WorldTest {
 protected:
  void name_shop() {
    Sender shop;
    shop.address = *parse_from(test::kShop);
    shop.inbound_url = "https://app.example.com/inbound";
    run(world->replace_senders({shop}));
  }
  WindowKey key() { return window_key(*parse_from(test::kShop), *parse_to(test::kAna)); }
};

TEST_F(WorldInbound, OpensTheWindowAndTellsTheApp) {
  name_shop();
  const auto received = run(world->receive(inbound()));
  ASSERT_TRUE(received);
  EXPECT_EQ(received->message.direction, Direction::Inbound);
  EXPECT_EQ(received->message.status, MessageStatus::Received);
  ASSERT_TRUE(received->window.has_value());
  EXPECT_EQ(received->window->state, WindowState::Open);
  EXPECT_EQ(received->window->window.expires(), test::kStart + 24h);
  ASSERT_EQ(app.webhooks.size(), 1u);
  EXPECT_EQ(app.webhooks[0].url, "https://app.example.com/inbound");
  EXPECT_EQ(std::get<InboundNews>(app.webhooks[0].news).message.body, "hola");
}

TEST_F(WorldInbound, WithoutAUrlCallsNobody) {
  const auto received = run(world->receive(inbound()));
  ASSERT_TRUE(received);
  EXPECT_FALSE(received->webhook.has_value());
  EXPECT_TRUE(app.webhooks.empty());
}

TEST_F(WorldInbound, ExtendsAndNeverShortens) {
  ASSERT_TRUE(run(world->receive(inbound())));
  ASSERT_TRUE(run(world->advance(10h)));
  ASSERT_TRUE(run(world->receive(inbound())));
  EXPECT_EQ(run(world->window(key()))->window.expires(), test::kStart + 34h);
}

TEST_F(WorldInbound, ARepeatedSidDoesNotExtend) {
  name_shop();
  InboundMessage message = inbound();
  message.sid = MessageSid{"SM0123456789abcdef0123456789abcdef"};
  ASSERT_TRUE(run(world->receive(message)));
  ASSERT_TRUE(run(world->advance(1h)));
  ASSERT_TRUE(run(world->receive(message)));
  EXPECT_EQ(run(world->window(key()))->window.expires(), test::kStart + 24h);
  EXPECT_EQ(app.webhooks.size(), 2u) << "the app is told again, as Twilio does";
}

TEST_F(WorldInbound, AReactionDoesNotOpen) {
  for (const char* type : {"reaction", "system", "unsupported"}) {
    InboundMessage message = inbound();
    message.extra = {{"MessageType", type}};
    const auto received = run(world->receive(message));
    ASSERT_TRUE(received);
    EXPECT_FALSE(received->window.has_value()) << type;
  }
  EXPECT_TRUE(run(world->windows()).empty());
}

TEST_F(WorldInbound, SmsOpensNoWindow) {
  const auto received = run(world->receive(inbound("+15558675310", "+15005550006")));
  ASSERT_TRUE(received);
  EXPECT_FALSE(received->window.has_value());
}

TEST_F(WorldInbound, AWindowClosedByHandOpensForANewerMessageOnly) {
  ASSERT_TRUE(run(world->receive(inbound())));
  Window window = run(world->window(key()))->window;
  window.closed = true;
  EXPECT_EQ(run(world->put_window(window))->state, WindowState::Closed);
  ASSERT_TRUE(run(world->advance(1s)));
  ASSERT_TRUE(run(world->receive(inbound())));
  EXPECT_EQ(run(world->window(key()))->state, WindowState::Open);
}

TEST_F(WorldInbound, TellsWhenAWindowOpensAndCloses) {
  ASSERT_TRUE(run(world->receive(inbound())));
  ASSERT_TRUE(run(world->advance(1h)));
  ASSERT_TRUE(run(world->receive(inbound())));
  ASSERT_TRUE(run(world->advance(25h)));
  std::vector<std::pair<WindowState, Time>> told;
  for (const Event& event : sink.events) {
    if (const auto* window = std::get_if<WindowEvent>(&event.what)) {
      told.emplace_back(window->state, event.at);
    }
  }
  const std::vector<std::pair<WindowState, Time>> want{{WindowState::Open, test::kStart},
                                                       {WindowState::Closed, test::kStart + 25h}};
  EXPECT_EQ(told, want);
}

}  // namespace
}  // namespace twindow::gateway
