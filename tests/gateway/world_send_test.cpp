// SPDX-License-Identifier: Apache-2.0
// What becomes of a send, from state alone.
#include "tests/support/world_fixture.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;
using testing::Test;
using Statuses = std::vector<std::string>;

class WorldSend : public test::WorldTest {};

TEST_F(WorldSend, OutsideTheWindowIsUndeliveredTwoSecondsLater) {
  const Message queued = send(request());
  EXPECT_EQ(queued.status, MessageStatus::Queued);
  EXPECT_EQ(queued.window.state, WindowState::Closed);
  EXPECT_EQ(queued.error_code, std::nullopt);

  ASSERT_TRUE(run(world->advance(1999ms)));
  EXPECT_EQ(find(queued.sid).status, MessageStatus::Queued);
  ASSERT_TRUE(run(world->advance(1ms)));
  const Message ended = find(queued.sid);
  EXPECT_EQ(ended.status, MessageStatus::Undelivered);
  EXPECT_EQ(ended.error_code, 63016);
  EXPECT_EQ(ended.sent, std::nullopt);
  EXPECT_EQ(app.statuses(), (Statuses{"undelivered 63016"})) << "and no callback for `queued`";
}

TEST_F(WorldSend, InsideTheWindowIsDelivered) {
  ASSERT_TRUE(run(world->receive(inbound())));
  const Message queued = send(request());
  EXPECT_EQ(queued.window.state, WindowState::Open);
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(find(queued.sid).status, MessageStatus::Delivered);
  EXPECT_EQ(app.statuses(), (Statuses{"sent", "delivered"}));
  EXPECT_TRUE(find(queued.sid).sent.has_value());
}

TEST_F(WorldSend, TheWindowClosesExactlyAfterTwentyFourHours) {
  ASSERT_TRUE(run(world->receive(inbound())));
  ASSERT_TRUE(run(world->advance(24h - 1ms)));
  EXPECT_EQ(send(request()).window.state, WindowState::Open);
  ASSERT_TRUE(run(world->advance(1ms)));
  EXPECT_EQ(send(request()).window.state, WindowState::Closed);
}

TEST_F(WorldSend, AnySpellingOfTheUserMeetsTheSameWindow) {
  ASSERT_TRUE(run(world->receive(inbound("whatsapp:+5215512345678"))));
  const Message sent = send(request("whatsapp:+525512345678"));
  EXPECT_EQ(sent.window.state, WindowState::Open);
  EXPECT_EQ(sent.to.text, "whatsapp:+525512345678");
}

TEST_F(WorldSend, AtOnceIsAsOverTheStrand) {
  std::optional<Message> seen;
  const gateway::World::SeeMessage see = [&](const Message& stored) { seen = stored; };
  SendRequest first = request();
  const auto sent = world->send_now(first, see);
  ASSERT_TRUE(sent.has_value());
  ASSERT_TRUE(*sent);
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->sid, find(seen->sid).sid);
  EXPECT_EQ(seen->window.state, WindowState::Closed);
  const Message other = send(request());
  EXPECT_NE(other.sid, seen->sid);
  ASSERT_TRUE(run(world->advance(2s)));
  EXPECT_EQ(find(seen->sid).status, MessageStatus::Undelivered);
  EXPECT_EQ(find(other.sid).status, MessageStatus::Undelivered);

  SendRequest with_content = request();
  with_content.content = parse_content_sid("HX0123456789abcdef0123456789abcdef");
  const auto refused = world->send_now(with_content, see);
  ASSERT_TRUE(refused.has_value());
  EXPECT_EQ(refused->error().code, Errc::ContentSidInvalid);
}

TEST_F(WorldSend, OneSendersWindowIsNotAnothers) {
  ASSERT_TRUE(run(world->receive(inbound())));
  EXPECT_EQ(send(request(test::kAna, "whatsapp:+14155550101")).window.state, WindowState::Closed);
}

TEST_F(WorldSend, GaugesFollowMessagesAndOpenWindows) {
  const auto gauges = [&] {
    const World::Gauges now = run(world->gauges());
    return std::pair(now.messages, now.windows_open);
  };
  EXPECT_EQ(gauges(), std::pair(std::size_t{0}, std::size_t{0}));
  ASSERT_TRUE(run(world->receive(inbound())));
  send(request());
  EXPECT_EQ(gauges(), std::pair(std::size_t{2}, std::size_t{1}));
  ASSERT_TRUE(run(world->receive(inbound())));
  EXPECT_EQ(gauges(), std::pair(std::size_t{3}, std::size_t{1})) << "the same window, extended";
  ASSERT_TRUE(run(world->advance(24h)));
  EXPECT_EQ(gauges(), std::pair(std::size_t{3}, std::size_t{0}));
  EXPECT_TRUE(run(world->reset()).has_value());
  EXPECT_EQ(gauges(), std::pair(std::size_t{0}, std::size_t{0}));
}

TEST_F(WorldSend, ANewConfigurationIsTakenWhileTheWorldLives) {
  AccountOptions options{.sid = test::kAccount};
  options.senders = {{.address = *parse_from("whatsapp:+14155550101")}};
  options.status_callback = "https://app.example.com/new";
  run(world->configure(options));
  EXPECT_EQ(run(world->send(request())).error().code, Errc::ChannelNotFound);
  SendRequest allowed = request(test::kAna, "whatsapp:+14155550101");
  allowed.status_callback.reset();
  send(allowed);
  ASSERT_TRUE(run(world->advance(2s)));
  ASSERT_EQ(app.webhooks.size(), 1u);
  EXPECT_EQ(app.webhooks[0].url, "https://app.example.com/new");
}

TEST_F(WorldSend, SmsHasNoWindow) {
  const Message sms = send(request("+15558675310", "+15005550006"));
  EXPECT_EQ(sms.window.state, WindowState::None);
  EXPECT_EQ(sms.kind, MessageKind::Other);
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(find(sms.sid).status, MessageStatus::Delivered);
}

TEST_F(WorldSend, AServiceShowsItsSenderOnceItIsQueued) {
  ASSERT_TRUE(run(world->receive(inbound())));
  SendRequest by_service = request();
  by_service.from.reset();
  by_service.service = ServiceSid{"MG0123456789abcdef0123456789abcdef"};
  const Message accepted = send(by_service);
  EXPECT_EQ(accepted.status, MessageStatus::Accepted);
  EXPECT_EQ(accepted.from, std::nullopt);
  ASSERT_TRUE(run(world->advance(100ms)));
  const Message queued = find(accepted.sid);
  EXPECT_EQ(queued.status, MessageStatus::Queued);
  ASSERT_TRUE(queued.from.has_value());
  EXPECT_EQ(queued.from->channel, Channel::WhatsApp);
  EXPECT_EQ(app.statuses(), (Statuses{"queued"}));
}

TEST_F(WorldSend, ProfileSaysHowAClosedWindowShows) {
  using enum sim::WindowClosed;
  const std::vector<std::pair<sim::WindowClosed, Statuses>> cases{
      {Undelivered, {"undelivered 63016"}},
      {Failed, {"failed 63016"}},
      {SentUndelivered, {"sent", "undelivered 63016"}},
  };
  for (const auto& [closed, want] : cases) {
    app.webhooks.clear();
    sim::CarrierProfile profile;
    profile.window_closed = closed;
    begin(ClockMode::Manual, 1, profile);
    send(request());
    ASSERT_TRUE(run(world->advance(5s)));
    EXPECT_EQ(app.statuses(), want);
  }
}

TEST_F(WorldSend, ATimelineHoldsStatusesAndCallbacks) {
  app.http_status = 500;
  const Message queued = send(request());
  ASSERT_TRUE(run(world->advance(5s)));
  const auto timeline = find(queued.sid).timeline;
  ASSERT_EQ(timeline.size(), 3u);
  EXPECT_EQ(std::get<StatusReached>(timeline[0].what).status, MessageStatus::Queued);
  EXPECT_EQ(std::get<StatusReached>(timeline[1].what).error_code, 63016);
  const auto& tried = std::get<WebhookTried>(timeline[2].what);
  EXPECT_EQ(tried.http_status, 500);
  EXPECT_NE(tried.note.find("500"), std::string::npos);
  EXPECT_EQ(timeline[2].at, test::kStart + 2s);
}

TEST_F(WorldSend, ReportedLateNewsMovesNothing) {
  const Message queued = send(request());
  ASSERT_TRUE(run(world->advance(5s)));
  app.webhooks.clear();
  const auto late = run(world->report({.sid = queued.sid, .status = MessageStatus::Sent}));
  ASSERT_TRUE(late);
  EXPECT_FALSE(late->moved);
  EXPECT_EQ(late->message.status, MessageStatus::Undelivered);
  EXPECT_TRUE(app.webhooks.empty());
}

TEST_F(WorldSend, AReportedStatusIsToldAndAnswered) {
  const Message queued = send(request());
  const auto read =
      run(world->report({.sid = queued.sid, .status = MessageStatus::Failed, .error_code = 63018}));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->moved);
  ASSERT_TRUE(read->webhook.has_value());
  EXPECT_EQ(read->webhook->outcome.http_status, 204);
  EXPECT_TRUE(read->webhook->webhook.auth_token.text.empty()) << "a journal holds no secret";
  EXPECT_EQ(app.statuses(), (Statuses{"failed 63018"}));
}

TEST_F(WorldSend, ResendRepeatsTheNewsUnderItsToken) {
  send(request());
  ASSERT_TRUE(run(world->advance(5s)));
  const auto first = run(world->callbacks({}));
  ASSERT_EQ(first.size(), 1u);
  const auto again = run(world->resend(first[0].webhook.id));
  ASSERT_TRUE(again);
  EXPECT_NE(again->webhook.id, first[0].webhook.id);
  ASSERT_EQ(app.webhooks.size(), 2u);
  EXPECT_EQ(app.webhooks[0].idempotency_token, app.webhooks[1].idempotency_token);
  EXPECT_FALSE(app.webhooks[1].auth_token.text.empty());
  EXPECT_EQ(run(world->resend("CB0")).error().code, Errc::NotFound);
}

TEST_F(WorldSend, ResetForgetsAndStartsTheSidsAnew) {
  const Message first = send(request());
  ASSERT_TRUE(run(world->receive(inbound())));
  EXPECT_TRUE(run(world->reset()).has_value());
  EXPECT_EQ(run(world->find(first.sid)).error().code, Errc::NotFound);
  EXPECT_TRUE(run(world->windows()).empty());
  EXPECT_EQ(send(request()).sid, first.sid);
  app.webhooks.clear();
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(app.statuses(), (Statuses{"undelivered 63016"})) << "only the message sent since";
}

TEST_F(WorldSend, KnowsItsSendersOnceOneIsNamed) {
  Sender shop;
  shop.address = *parse_from(test::kShop);
  run(world->replace_senders({shop}));
  EXPECT_TRUE(run(world->send(request())));
  EXPECT_EQ(run(world->send(request(test::kAna, "whatsapp:+14155550199"))).error().code,
            Errc::ChannelNotFound);
  EXPECT_EQ(run(world->send(request("+15558675310", "+15005550006"))).error().code,
            Errc::FromNotOwned);
}

// Before the world has looked for what an earlier run left on its way.
TEST_F(WorldSend, ASendThatComesFirstGoesOnce) {
  begin(ClockMode::Manual, 1);
  SendRequest first = request();
  std::string sid;
  const auto sent = world->send_now(first, [&](const Message& message) { sid = message.sid.text; });
  ASSERT_TRUE(sent && *sent);
  ASSERT_TRUE(run(world->advance(10s)));
  const auto steps = std::ranges::count_if(find(MessageSid{sid}).timeline, [](const auto& entry) {
    return std::holds_alternative<StatusReached>(entry.what);
  });
  EXPECT_EQ(steps, 2) << "queued and undelivered, and nothing late";
}

}  // namespace
}  // namespace twindow::gateway
