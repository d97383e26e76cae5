// SPDX-License-Identifier: Apache-2.0
// What the real Twilio tells: windows and statuses are kept, and the app hears of all of it.
#include <algorithm>
#include <map>

#include <gmock/gmock.h>

#include "tests/support/restarting.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using gateway::World;
using testing::ElementsAre;

const MessageSid kOne{"SM11111111111111111111111111111111"};
const MessageSid kTwo{"SM22222222222222222222222222222222"};
constexpr auto kUrl = "https://app.example.com/status";

class WorldHooks : public WorldTest {
 protected:
  World::StatusHook hook(const MessageSid& sid, const std::string& status,
                         std::string id = "") const {
    World::StatusHook made;
    made.news = {.sid = sid, .status = parse_message_status(status), .from = *parse_from(kShop)};
    made.id = id.empty() ? "CB-" + sid.text + status : std::move(id);
    made.url = kUrl;
    made.told.news.params = {{"MessageSid", sid.text}, {"MessageStatus", status}, {"Novelty", ""}};
    made.told.idempotency_token = "token-" + status;
    return made;
  }
  World::Hearing hear(World::StatusHook hook) { return *run(world->hear_status(std::move(hook))); }
  World::Hearing refuse(const Message& sent) {
    World::StatusHook made = hook(sent.sid, "undelivered");
    made.news.error_code = 63016;
    return hear(std::move(made));
  }
  void advance(Duration by) { ASSERT_TRUE(run(world->advance(by))); }

  // What the app was told, in order: "11 sent" of the message SM11…
  std::vector<std::string> told() const {
    std::vector<std::string> all;
    for (const Webhook& webhook : app.webhooks) {
      const auto& news = std::get<RelayedNews>(webhook.news);
      all.push_back(webhook.message.text.substr(2, 2) + " " + news.params.at(1).value);
    }
    return all;
  }
  std::vector<WebhookRecord> journal() { return run(world->callbacks({})); }
  // When the app was called, in seconds.
  std::vector<std::int64_t> tried_at() {
    std::vector<std::int64_t> all;
    const auto records = journal();
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
      all.push_back((record->at - kStart) / 1s);
    }
    return all;
  }
  std::optional<gateway::WindowView> window() {
    const auto found = run(world->window(window_key(*parse_from(kShop), *parse_to(kAna))));
    return found ? std::optional(*found) : std::nullopt;
  }
};

TEST_F(WorldHooks, TellTheAppWhatTwilioTold) {
  EXPECT_EQ(hear(hook(kOne, "sent")), World::Hearing::Queued);
  advance(0s);
  ASSERT_EQ(app.webhooks.size(), 1u);
  const Webhook& webhook = app.webhooks[0];
  EXPECT_EQ(webhook.url, kUrl);
  EXPECT_EQ(webhook.idempotency_token, "token-sent");
  EXPECT_EQ(webhook.auth_token.text, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(std::get<RelayedNews>(webhook.news).params, hook(kOne, "sent").told.news.params);
  advance(24h);
  EXPECT_EQ(app.webhooks.size(), 1u) << "once";
}

TEST_F(WorldHooks, MoveTheMessageThatTheyAreOf) {
  const Message sent = send(request());
  hear(hook(sent.sid, "sent"));
  hear(hook(sent.sid, "delivered"));
  EXPECT_EQ(find(sent.sid).status, MessageStatus::Delivered);
  hear(hook(sent.sid, "pondered"));
  EXPECT_EQ(find(sent.sid).status, MessageStatus::Delivered);
  advance(0s);
  EXPECT_EQ(told().size(), 3u) << "also what nobody knows";
}

TEST_F(WorldHooks, TellAgainUntilTheAppListens) {
  app.http_status = 500;
  hear(hook(kOne, "sent"));
  advance(10min);
  EXPECT_THAT(tried_at(), ElementsAre(0, 1, 3, 7, 15, 31, 63, 127, 255, 511));
  app.http_status = 204;
  advance(10min);
  EXPECT_EQ(tried_at().back(), 1023);
  EXPECT_EQ(app.webhooks.size(), 11u);
  for (const Webhook& webhook : app.webhooks) EXPECT_EQ(webhook.idempotency_token, "token-sent");
  advance(24h);
  EXPECT_EQ(app.webhooks.size(), 11u);
}

TEST_F(WorldHooks, AnAppThatIsDownForTenMinutesHearsEverythingOnceAndInOrder) {
  app.http_status = 500;
  for (const char* status : {"queued", "sent", "delivered", "read"}) {
    for (int i = 0; i < 50; ++i) {
      hear(hook(MessageSid{"SM" + std::to_string(100 + i) + std::string(29, '0')}, status));
    }
    advance(100s);
  }
  advance(200s);
  EXPECT_EQ(std::ranges::count(told(), "10 sent"), 0) << "the first of each goes first";
  app.http_status = 204;
  app.webhooks.clear();
  advance(10min);
  ASSERT_EQ(app.webhooks.size(), 200u);
  std::map<std::string, std::vector<std::string>> of_each;
  for (const Webhook& webhook : app.webhooks) {
    of_each[webhook.message.text].push_back(std::get<RelayedNews>(webhook.news).params.at(1).value);
  }
  EXPECT_EQ(of_each.size(), 50u);
  for (const auto& [message, statuses] : of_each) {
    EXPECT_THAT(statuses, ElementsAre("queued", "sent", "delivered", "read")) << message;
  }
  advance(24h);
  EXPECT_EQ(app.webhooks.size(), 200u);
}

TEST_F(WorldHooks, KeepTheOrderOfEachMessage) {
  app.before_answer = [this](const Webhook& webhook) -> Task<void> {
    app.http_status = webhook.message == kOne && app.webhooks.size() < 5 ? 503 : 204;
    co_return;
  };
  hear(hook(kOne, "sent"));
  hear(hook(kOne, "delivered"));
  hear(hook(kTwo, "sent"));
  hear(hook(kOne, "read"));
  hear(hook(kTwo, "delivered"));
  advance(1min);
  EXPECT_THAT(told(), ElementsAre("11 sent", "22 sent", "22 delivered", "11 sent", "11 sent",
                                  "11 delivered", "11 read"));
  EXPECT_THAT(tried_at(), ElementsAre(0, 0, 0, 1, 3, 3, 3));
}

TEST_F(WorldHooks, TheJournalAndTheTimelineHaveEveryTry) {
  const Message sent = send(request());
  app.http_status = 500;
  hear(hook(sent.sid, "delivered", "CB0123456789abcdef0123456789abcdef"));
  advance(1s);
  app.http_status = 200;
  advance(2s);
  const auto records = journal();
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[2].webhook.id, "CB0123456789abcdef0123456789abcdef");
  EXPECT_NE(records[1].webhook.id, records[2].webhook.id);
  EXPECT_EQ(records[1].outcome.http_status, 500);
  EXPECT_EQ(records[0].outcome.http_status, 200);
  std::vector<std::string> notes;
  for (const TimelineEntry& entry : find(sent.sid).timeline) {
    const auto* tried = std::get_if<WebhookTried>(&entry.what);
    if (tried != nullptr) notes.push_back(tried->note);
  }
  EXPECT_THAT(notes, ElementsAre("the app answered 500; it will be told again",
                                 "the app answered 500; it will be told again", ""));
}

TEST_F(WorldHooks, ARepeatIsToldOnce) {
  app.http_status = 500;
  EXPECT_EQ(hear(hook(kOne, "sent")), World::Hearing::Queued);
  advance(0s);
  EXPECT_EQ(hear(hook(kOne, "sent")), World::Hearing::Repeat) << "while it waits";
  app.http_status = 204;
  advance(1s);
  EXPECT_EQ(hear(hook(kOne, "sent")), World::Hearing::Repeat) << "and when it was told";
  advance(24h);
  EXPECT_EQ(app.webhooks.size(), 2u);
}

TEST_F(WorldHooks, AreGivenUpAfterADay) {
  app.http_status = 500;
  hear(hook(kOne, "sent"));
  hear(hook(kOne, "delivered"));
  advance(24h);
  EXPECT_EQ(told().back(), "11 delivered") << "whose own day has begun";
  const auto firsts = std::ranges::count(told(), "11 sent");
  app.http_status = 204;
  advance(1h);
  const std::size_t all = told().size();
  advance(24h);
  EXPECT_EQ(told().size(), all);
  EXPECT_EQ(std::ranges::count(told(), "11 sent"), firsts);
}

TEST_F(WorldHooks, WithoutAUrlGoToThatOfTheSender) {
  World::StatusHook made = hook(kOne, "sent");
  made.url.clear();
  EXPECT_EQ(hear(made), World::Hearing::Kept);
  Sender shop;
  shop.address = *parse_from(kShop);
  shop.status_callback = "https://app.example.com/of-the-sender";
  run(world->replace_senders({shop}));
  made.id = "CB2";
  EXPECT_EQ(hear(made), World::Hearing::Queued);
  advance(0s);
  ASSERT_EQ(app.webhooks.size(), 1u);
  EXPECT_EQ(app.webhooks[0].url, "https://app.example.com/of-the-sender");
}

TEST_F(WorldHooks, ARefusalClosesTheWindowUntilTheUserWritesAgain) {
  ASSERT_TRUE(run(world->receive(inbound())));
  advance(1h);
  const Message sent = send(request());
  refuse(sent);
  ASSERT_TRUE(window());
  EXPECT_EQ(window()->state, WindowState::Closed);
  EXPECT_EQ(find(sent.sid).error_code, 63016);
  EXPECT_EQ(run(world->gauges()).windows_open, 0u);
  advance(1min);
  ASSERT_TRUE(run(world->receive(inbound())));
  EXPECT_EQ(window()->state, WindowState::Open);
}

TEST_F(WorldHooks, ARefusalThatComesLateDoesNotCloseWhatTheUserHasOpenedSince) {
  const Message sent = send(request());
  advance(1s);
  ASSERT_TRUE(run(world->receive(inbound())));
  refuse(sent);
  EXPECT_EQ(window()->state, WindowState::Open);
}

TEST_F(WorldHooks, AnInboundMessageIsToldAsItCame) {
  Sender shop;
  shop.address = *parse_from(kShop);
  shop.inbound_url = "https://app.example.com/inbound";
  run(world->replace_senders({shop}));
  InboundMessage message = inbound();
  message.sid = kOne;
  const World::Told told{
      .news = {.inbound = true, .params = {{"Z", "1"}, {"A", ""}}, .cookie = "c=1"},
      .idempotency_token = "token"};
  const auto first = run(world->hear_inbound(message, told));
  ASSERT_TRUE(first);
  ASSERT_TRUE(first->window);
  EXPECT_EQ(first->window->window.expires(), kStart + 24h);
  ASSERT_TRUE(first->webhook);
  EXPECT_EQ(first->webhook->outcome.http_status, 204);
  advance(1h);
  const auto repeat = run(world->hear_inbound(message, told));
  ASSERT_TRUE(repeat);
  EXPECT_FALSE(repeat->window);
  EXPECT_EQ(window()->window.expires(), kStart + 24h);
  ASSERT_EQ(app.webhooks.size(), 2u);
  for (const Webhook& webhook : app.webhooks) {
    EXPECT_EQ(webhook.idempotency_token, "token");
    EXPECT_EQ(std::get<RelayedNews>(webhook.news).params, told.news.params);
    EXPECT_EQ(std::get<RelayedNews>(webhook.news).cookie, "c=1");
  }
}

TEST_F(WorldHooks, TheSameNewsUnderAnotherSidCountsOnceForTheWindow) {
  Sender shop;
  shop.address = *parse_from(kShop);
  shop.inbound_url = "https://app.example.com/inbound";
  run(world->replace_senders({shop}));
  const auto hear_as = [&](const MessageSid& sid, const std::string& token) {
    InboundMessage message = inbound();
    message.sid = sid;
    const World::Told told{.news = {.inbound = true, .params = {{"MessageSid", sid.text}}},
                           .idempotency_token = token};
    ASSERT_TRUE(run(world->hear_inbound(message, told)));
  };
  hear_as(kOne, "token");
  advance(1h);
  hear_as(kTwo, "token");
  EXPECT_EQ(window()->window.expires(), kStart + 24h);
  EXPECT_EQ(app.webhooks.size(), 2u) << "the app is told again";
  hear_as(MessageSid{"SM33333333333333333333333333333333"}, "another token");
  EXPECT_EQ(window()->window.expires(), kStart + 25h);
  hear_as(MessageSid{"SM44444444444444444444444444444444"}, "");
  advance(1h);
  hear_as(MessageSid{"SM55555555555555555555555555555555"}, "");
  EXPECT_EQ(window()->window.expires(), kStart + 26h) << "no token is no repeat";
}

class WorldHooksRestart : public Restarting<WorldHooks> {
 protected:
  WorldHooksRestart() {
    relays = true;
    restart();
  }
};

TEST_F(WorldHooksRestart, LosesNoneAndKeepsTheirOrder) {
  app.http_status = 500;
  hear(hook(kOne, "sent"));
  hear(hook(kOne, "delivered"));
  hear(hook(kTwo, "sent"));
  advance(2s);
  restart();
  EXPECT_EQ(hear(hook(kOne, "sent")), World::Hearing::Repeat);
  app.http_status = 204;
  app.webhooks.clear();
  advance(1h);
  EXPECT_THAT(told(), testing::UnorderedElementsAre("11 sent", "11 delivered", "22 sent"));
  const auto all = told();
  EXPECT_LT(std::ranges::find(all, "11 sent"), std::ranges::find(all, "11 delivered"));
  restart();
  app.webhooks.clear();
  advance(24h);
  EXPECT_THAT(told(), ElementsAre()) << "all was told";
}

TEST_F(WorldHooksRestart, GoesOnWithWhatComesAfterAnEmptyQueue) {
  for (const char* status : {"sent", "delivered", "read"}) {
    hear(hook(kOne, status));
    advance(1s);
  }
  EXPECT_THAT(told(), ElementsAre("11 sent", "11 delivered", "11 read"));
}

TEST(RelayPauses, DoubleUpToTenMinutesForADay) {
  using gateway::relay_pause;
  EXPECT_EQ(relay_pause(1), 1s);
  EXPECT_EQ(relay_pause(2), 2s);
  EXPECT_EQ(relay_pause(10), 512s);
  EXPECT_EQ(relay_pause(11), 10min);
  EXPECT_EQ(relay_pause(4'000'000'000), 10min);
  Duration all{};
  std::uint32_t tries = 1;
  for (; !gateway::relay_given_up(tries); ++tries) all += relay_pause(tries);
  EXPECT_LE(all, 24h);
  EXPECT_GT(all + relay_pause(tries), 24h);
}

}  // namespace
}  // namespace twindow::test
