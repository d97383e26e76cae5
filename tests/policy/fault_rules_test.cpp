// SPDX-License-Identifier: Apache-2.0
// Which calls and webhooks a rule of faults hits, and when.
#include "twindow/policy/fault_rules.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace twindow::policy {
namespace {

FaultRule respond(FaultMatch match = {}) {
  FaultRule rule{.id = "r", .match = std::move(match)};
  rule.respond = FaultResponse{.status = 500};
  return rule;
}

FaultRule callbacks(FaultMatch match = {}) {
  FaultRule rule{.id = "c", .match = std::move(match)};
  rule.callbacks = FaultCallbacks{.lost = true};
  return rule;
}

FaultRules rules_of(std::vector<FaultRule> rules, std::uint64_t seed = 1) {
  FaultRules made{Random(seed)};
  const auto mistake = made.replace(std::move(rules));
  EXPECT_FALSE(mistake) << mistake->detail;
  return made;
}

bool hits(FaultMatch match, const FaultCall& call) {
  return rules_of({respond(std::move(match))}).of_call(call).has_value();
}

const std::vector<Param> kParams{{"To", "whatsapp:+5215512345678"}, {"Body", "order 7"}};
const FaultCall kCreate{.product = "api",
                        .method = "POST",
                        .path = "/2010-04-01/Accounts/AC1/Messages",
                        .params = kParams};

TEST(FaultRules, MatchCallsByWhatIsSaid) {
  EXPECT_TRUE(hits({}, kCreate));
  EXPECT_TRUE(hits({.product = "api", .method = "POST"}, kCreate));
  EXPECT_FALSE(hits({.product = "messaging"}, kCreate));
  EXPECT_FALSE(hits({.method = "GET"}, kCreate));
  EXPECT_TRUE(hits({.path = "/2010-04-01/Accounts/*/Messages"}, kCreate));
  EXPECT_TRUE(hits({.path = "/2010-04-01/Accounts/{AccountSid}/Messages"}, kCreate));
  EXPECT_TRUE(hits({.path = "/2010-04-01/**"}, kCreate));
  EXPECT_FALSE(hits({.path = "/2010-04-01/*"}, kCreate)) << "a star ends with its segment";
  EXPECT_TRUE(
      hits({.conditions = {{.field = "Body", .op = MatchOp::Contains, .values = {"7"}}}}, kCreate));
  EXPECT_TRUE(
      hits({.conditions = {{.field = "To", .values = {"whatsapp:+525512345678"}}}}, kCreate))
      << "in any spelling";
  EXPECT_TRUE(hits({.conditions = {{.field = "channel", .values = {"whatsapp"}}}}, kCreate));
  EXPECT_FALSE(hits({.conditions = {{.field = "MediaUrl", .values = {"x"}}}}, kCreate));
}

TEST(FaultRules, CountTheNthAndTheTimes) {
  FaultRule third = respond();
  third.nth = 3;
  FaultRules rules = rules_of({third});
  std::vector<bool> fired;
  for (int i = 0; i < 5; ++i) fired.push_back(rules.of_call(kCreate).has_value());
  EXPECT_EQ(fired, (std::vector{false, false, true, false, false}));
  FaultRule twice = respond();
  twice.times = 2;
  rules = rules_of({twice});
  fired.clear();
  for (int i = 0; i < 4; ++i) fired.push_back(rules.of_call(kCreate).has_value());
  EXPECT_EQ(fired, (std::vector{true, true, false, false}));
  EXPECT_EQ(rules.list().at(0).matched, 4U);
  EXPECT_EQ(rules.list().at(0).fired, 2U);
}

TEST(FaultRules, AreLuckyBySeed) {
  FaultRule half = respond();
  half.probability = FaultRule::kAlways / 2;
  const auto drawn = [&](std::uint64_t seed) {
    FaultRules rules = rules_of({half}, seed);
    std::string text;
    for (int i = 0; i < 200; ++i) text += rules.of_call(kCreate) ? '1' : '0';
    return text;
  };
  EXPECT_EQ(drawn(1), drawn(1));
  EXPECT_NE(drawn(1), drawn(2));
  const std::string luck = drawn(1);
  const auto count = std::ranges::count(luck, '1');
  EXPECT_GT(count, 70);
  EXPECT_LT(count, 130);
  half.probability = 0;
  EXPECT_FALSE(rules_of({half}).of_call(kCreate));
}

TEST(FaultRules, TheFirstThatFiresWins) {
  FaultRule once = respond();
  once.id = "once";
  once.times = 1;
  FaultRules rules = rules_of({once, respond()});
  EXPECT_EQ(rules.of_call(kCreate)->rule, "once");
  EXPECT_EQ(rules.of_call(kCreate)->rule, "r");
}

TEST(FaultRules, MatchWebhooksByTheirMessage) {
  Message message;
  message.to = *parse_to("whatsapp:+5215512345678");
  message.status = MessageStatus::Delivered;
  FaultMatch delivered{.conditions = {{.field = "MessageStatus", .values = {"delivered"}}}};
  EXPECT_TRUE(rules_of({callbacks(delivered)}).of_webhook(message, false));
  EXPECT_FALSE(rules_of({callbacks(delivered)}).of_create(message));
  EXPECT_FALSE(rules_of({callbacks(delivered)}).of_call(kCreate));
  EXPECT_FALSE(rules_of({callbacks({.webhook = "inbound"})}).of_webhook(message, false));
  EXPECT_TRUE(rules_of({callbacks({.webhook = "inbound"})}).of_webhook(message, true));
  message.status = MessageStatus::Sent;
  EXPECT_FALSE(rules_of({callbacks(delivered)}).of_webhook(message, false));
}

TEST(FaultRules, BeforeTheAnswerIsOfCreatesAlone) {
  FaultRule rule = callbacks();
  rule.callbacks = FaultCallbacks{.before_answer = true};
  FaultRules rules = rules_of({rule});
  EXPECT_FALSE(rules.of_webhook(Message{}, false));
  EXPECT_TRUE(rules.of_create(Message{}));
}

TEST(FaultRules, SayWhereAMistakeIs) {
  const auto pointer = [](FaultRule rule) {
    FaultRules rules{Random(1)};
    const auto mistake = rules.replace({respond(), std::move(rule)});
    EXPECT_TRUE(rules.empty()) << "nothing was taken";
    return mistake ? std::to_string(mistake->rule) + mistake->pointer : "none";
  };
  EXPECT_EQ(pointer({.id = "x"}), "1");
  EXPECT_EQ(pointer(respond({.path = "no-slash"})), "1/match/path");
  EXPECT_EQ(pointer(respond({.webhook = "status"})), "1/match/webhook");
  EXPECT_EQ(pointer(respond({.conditions = {{.field = "window", .values = {"open"}}}})),
            "1/match/window");
  EXPECT_EQ(pointer(respond({.conditions = {{"Body", MatchOp::Matches, {"("}}}})), "1/match/Body");
  EXPECT_EQ(pointer(callbacks({.path = "/x"})), "1/match");
  EXPECT_EQ(pointer(callbacks({.conditions = {{.field = "Nope", .values = {"x"}}}})), "1/match");
}

}  // namespace
}  // namespace twindow::policy
