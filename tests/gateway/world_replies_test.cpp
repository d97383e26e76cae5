// SPDX-License-Identifier: Apache-2.0
// What the app answers to a user's message is executed. Documents are made up here: how they are
// read is wire's.
#include "tests/support/world_fixture.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;

TwimlMessage say(std::string body) { return TwimlMessage{.body = std::move(body)}; }

class WorldReplies : public test::WorldTest {
 protected:
  WorldReplies() {
    read_twiml = [this](const WebhookOutcome&, std::string_view url) {
      read_urls.emplace_back(url);
      if (documents.empty()) return TwimlDocument{};
      TwimlDocument next = documents.front();
      if (documents.size() > 1 || !endless) documents.erase(documents.begin());
      return next;
    };
    app.http_status = 200;
    begin(ClockMode::Manual, 63016);
    Sender shop;
    shop.address = *parse_from(test::kShop);
    shop.inbound_url = "https://app.example.com/in";
    shop.fallback_url = "https://app.example.com/fallback";
    shop.fallback_method = HttpMethod::Get;
    run(world->replace_senders({shop}));
  }

  void answer(std::vector<TwimlVerb> verbs) { documents.push_back({.verbs = std::move(verbs)}); }
  World::Received receive() { return *run(world->receive(inbound())); }
  std::vector<int> alert_codes() {
    std::vector<int> codes;
    for (const Alert& alert : run(world->alerts())) codes.push_back(alert.code);
    return codes;
  }
  std::vector<std::string> called() {
    std::vector<std::string> urls;
    for (const Webhook& hook : app.webhooks) {
      urls.push_back(std::string(to_text(hook.method)) + " " + hook.url);
    }
    return urls;
  }

  std::vector<TwimlDocument> documents;
  std::vector<std::string> read_urls;
  bool endless = false;
};

TEST_F(WorldReplies, AMessageIsAReplyFromWhomTheUserWroteTo) {
  TwimlMessage verb = say("Thanks");
  verb.status_callback = "https://app.example.com/status";
  answer({verb, say("Bye")});
  const auto received = receive();
  ASSERT_EQ(received.replies.size(), 2U);
  const Message& reply = received.replies[0];
  EXPECT_EQ(reply.direction, Direction::OutboundReply);
  EXPECT_EQ(reply.from->text, test::kShop);
  EXPECT_EQ(reply.to.text, test::kAna);
  EXPECT_EQ(reply.body, "Thanks");
  EXPECT_EQ(reply.status, MessageStatus::Queued);
  EXPECT_EQ(reply.window.state, WindowState::Open) << "the user has just written";
  ASSERT_TRUE(run(world->advance(5s)));
  EXPECT_EQ(find(reply.sid).status, MessageStatus::Delivered);
  EXPECT_EQ(app.statuses(), (std::vector<std::string>{"sent", "delivered"}));
  EXPECT_TRUE(alert_codes().empty());
}

TEST_F(WorldReplies, AnActionIsToldOfTheSendAndItsAnswerRunsNext) {
  TwimlMessage verb = say("one");
  verb.action = "https://app.example.com/next";
  verb.method = HttpMethod::Get;
  answer({verb, say("never reached")});
  answer({say("two")});
  const auto received = receive();
  ASSERT_EQ(received.replies.size(), 2U);
  EXPECT_EQ(received.replies[1].body, "two");
  EXPECT_EQ(called(), (std::vector<std::string>{"POST https://app.example.com/in",
                                                "GET https://app.example.com/next"}));
  EXPECT_EQ(std::get<StatusNews>(app.webhooks[1].news).message.sid, received.replies[0].sid);
  EXPECT_EQ(app.webhooks[1].message, received.replies[0].sid) << "it is found by its message";
}

TEST_F(WorldReplies, ARedirectIsFollowedAndEndsInTime) {
  answer({TwimlRedirect{"https://app.example.com/in", HttpMethod::Post}, say("never")});
  endless = true;
  const auto received = receive();
  EXPECT_TRUE(received.replies.empty());
  EXPECT_EQ(app.webhooks.size(), static_cast<std::size_t>(limits::kTwimlDocumentsMax));
  EXPECT_EQ(alert_codes(), std::vector<int>{14106});
}

TEST_F(WorldReplies, TenRepliesAreEnough) {
  std::vector<TwimlVerb> verbs;
  for (int i = 0; i < 12; ++i) verbs.emplace_back(say(std::to_string(i)));
  answer(verbs);
  EXPECT_EQ(receive().replies.size(), 10U);
  EXPECT_EQ(alert_codes(), std::vector<int>{14109});
}

TEST_F(WorldReplies, TwoMachinesAreParted) {
  for (int i = 0; i < 31; ++i) {
    answer({say("echo")});
    EXPECT_EQ(receive().replies.size(), i < 30 ? 1U : 0U) << i;
  }
  EXPECT_EQ(alert_codes(), std::vector<int>{14107});
  ASSERT_TRUE(run(world->advance(31s)));
  answer({say("again")});
  EXPECT_EQ(receive().replies.size(), 1U);
}

TEST_F(WorldReplies, AFailureAsksTheFallbackOnceWithWhatWentWrong) {
  documents.push_back({.problems = {{12100, false, "not XML"}}, .unreadable = true});
  answer({say("sorry")});
  const auto received = receive();
  EXPECT_EQ(called(), (std::vector<std::string>{"POST https://app.example.com/in",
                                                "GET https://app.example.com/fallback"}));
  const std::vector<Param> want{{"ErrorCode", "12100"}, {"ErrorUrl", "https://app.example.com/in"}};
  EXPECT_EQ(app.webhooks[1].more, want);
  ASSERT_EQ(received.replies.size(), 1U);
  EXPECT_EQ(alert_codes(), std::vector<int>{12100});
  EXPECT_NE(find(received.message.sid).timeline.size(), 1U);
}

TEST_F(WorldReplies, AnAppThatAnswers500IsInTheDebuggerForEachTry) {
  app.http_status = 500;
  EXPECT_TRUE(receive().replies.empty());
  EXPECT_EQ(app.webhooks.size(), 2U) << "the fallback is asked";
  const auto alerts = run(world->alerts());
  ASSERT_EQ(alerts.size(), 2U);
  EXPECT_EQ(alerts[0].code, 11200);
  EXPECT_EQ(alerts[0].level, AlertLevel::Error);
  EXPECT_EQ(alerts[0].http_status, 500);
  EXPECT_NE(alerts[0].sid, alerts[1].sid);
  EXPECT_EQ(run(world->alert(alerts[1].sid))->url, "https://app.example.com/in");
  EXPECT_TRUE(read_urls.empty());
  std::size_t told = 0;
  for (const Event& event : sink.events) told += std::holds_alternative<AlertEvent>(event.what);
  EXPECT_EQ(told, 2U);
}

TEST_F(WorldReplies, AReplyOfAnotherSenderOrChannelIsNotSent) {
  TwimlMessage foreign = say("a");
  foreign.from = *parse_from("whatsapp:+15005550006");
  TwimlMessage mixed = say("b");
  mixed.to = *parse_to("+15558675310");
  answer({foreign, mixed, say("c")});
  const auto received = receive();
  ASSERT_EQ(received.replies.size(), 1U);
  EXPECT_EQ(received.replies[0].body, "c");
  EXPECT_EQ(alert_codes(), (std::vector<int>{14101, 14102}));
}

TEST_F(WorldReplies, CookiesComeBackToTheSamePairForFourHours) {
  app.says.headers = {{"Set-Cookie", "step=2; Path=/"}, {"Set-Cookie", "who=ana"}};
  receive();
  app.says.headers = {{"Set-Cookie", "who=; Max-Age=0"}};
  receive();
  app.says.headers.clear();
  receive();
  *run(world->receive(inbound("whatsapp:+15558675310")));
  ASSERT_TRUE(run(world->advance(5h)));
  receive();
  std::vector<std::string> cookies;
  for (const Webhook& hook : app.webhooks) cookies.push_back(hook.cookie);
  EXPECT_EQ(cookies, (std::vector<std::string>{"", "step=2; who=ana", "step=2", "", ""}));
}

TEST_F(WorldReplies, ARepeatedResetBeginsTheDebuggerAnew) {
  app.http_status = 500;
  receive();
  const auto first = run(world->alerts());
  ASSERT_TRUE(run(world->reset()));
  EXPECT_TRUE(run(world->alerts()).empty());
}

}  // namespace
}  // namespace twindow::gateway
