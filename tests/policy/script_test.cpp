// SPDX-License-Identifier: Apache-2.0
// The rules of a scenario: which of them has its say about a send, and what it says.
#include "twindow/policy/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twindow/policy/send_view.h"

#include "tests/policy/send_fixture.h"

namespace twindow::policy {
namespace {

using namespace std::chrono_literals;
using test::kShop;
using test::kUser;
using testing::ElementsAre;

const std::string kOther = "whatsapp:+15555550123";

ScriptedCallback after(Duration time, MessageStatus status, Duration jitter = {}) {
  ScriptedCallback callback{.time = time, .jitter = jitter};
  callback.news.status = status;
  return callback;
}

SendMatcher to(const std::string& address) {
  return *SendMatcher::make({{.field = "To", .values = {address}}});
}

class ScriptTest : public testing::Test {
 protected:
  void use(std::vector<ScriptRule> rules) { script.replace(std::move(rules)); }

  std::optional<Script::Hit> send(const std::string& user = kUser,
                                  const Facts& facts = test::closed_window()) {
    const SendCall call = test::call_with({{"To", user}, {"From", kShop}, {"Body", "Hola"}});
    return script.of_send(view_of({.margin = 0s}, call, facts));
  }
  std::string rule(const std::string& user = kUser, const Facts& facts = test::closed_window()) {
    const auto hit = send(user, facts);
    return hit ? hit->rule : "";
  }

  Script script{Random(7)};
};

TEST_F(ScriptTest, WithoutRulesNothingIsSaid) {
  EXPECT_TRUE(script.empty());
  EXPECT_FALSE(send());
}

TEST_F(ScriptTest, TheLowestPriorityThatMatchesWinsAndOfEqualsTheFirst) {
  use({{.id = "else", .priority = 9},
       {.id = "second", .priority = 1, .match = to(kUser)},
       {.id = "third", .priority = 1, .match = to(kUser)}});
  EXPECT_EQ(rule(), "second");
  EXPECT_EQ(rule("whatsapp:+525512345678"), "second") << "in any spelling";
  EXPECT_EQ(rule(kOther), "else");
}

TEST_F(ScriptTest, TheWindowOfTheSendIsAFact) {
  const auto closed = SendMatcher::make(
      {{.field = "window", .values = {"closed"}}, {.field = "kind", .values = {"freeform"}}});
  use({{.id = "closed", .match = *closed}});
  EXPECT_EQ(rule(kUser, test::closed_window()), "closed");
  EXPECT_EQ(rule(kUser, test::open_window()), "");
}

TEST_F(ScriptTest, CountsForEachUserUnlessItSaysOtherwise) {
  use({{.id = "second", .nth = {2}}, {.id = "else", .priority = 1}});
  EXPECT_EQ(rule(), "else");
  EXPECT_EQ(rule(kOther), "else");
  EXPECT_EQ(rule(), "second");
  EXPECT_EQ(rule(), "else");
  use({{.id = "second", .nth = {2}, .per = ScriptRule::Per::Account}});
  EXPECT_EQ(rule(), "");
  EXPECT_EQ(rule(kOther), "second") << "counts began anew";
}

TEST_F(ScriptTest, TheSecondIsTheSecondThatMatchesWhicheverRuleHasTakenTheFirst) {
  use({{.id = "first", .nth = {1}}, {.id = "second", .nth = {2}}, {.id = "third", .nth = {3}}});
  EXPECT_EQ(rule(), "first");
  EXPECT_EQ(rule(), "second");
  EXPECT_EQ(rule(), "third");
  EXPECT_EQ(rule(), "");
  for (const auto& count : script.counts()) EXPECT_EQ(count.matched, 4U) << count.rule;
}

TEST_F(ScriptTest, FiresSoOftenAndNoMore) {
  use({{.id = "twice", .times = 2}, {.id = "else", .priority = 1}});
  EXPECT_EQ(rule(), "twice");
  EXPECT_EQ(rule(), "twice");
  EXPECT_EQ(rule(), "else");
  EXPECT_EQ(rule(kOther), "twice");
  const auto counts = script.counts();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].matched, 4U);
  EXPECT_EQ(counts[0].fired, 3U);
  EXPECT_EQ(counts[1].matched, 4U) << "whether or not another rule decided";
  EXPECT_EQ(counts[1].fired, 1U);
}

TEST_F(ScriptTest, AStateLastsUntilARuleSetsAnother) {
  use({{.id = "first", .state = "started", .next_state = "warned"},
       {.id = "second", .state = "warned", .next_state = "blocked"},
       {.id = "then", .state = "blocked"}});
  EXPECT_EQ(rule(), "first");
  EXPECT_EQ(rule(), "second");
  EXPECT_EQ(rule(kOther), "first") << "a user has a state of his own";
  EXPECT_EQ(rule(), "then");
  EXPECT_EQ(rule(), "then");
}

TEST_F(ScriptTest, TimesAreSinceTheOneBeforeOrSinceTheCreate) {
  ScriptedCallback late = after(10s, MessageStatus::Read);
  late.since_create = true;
  use({{.id = "a",
        .callbacks = {
            {after(500ms, MessageStatus::Sent), after(700ms, MessageStatus::Delivered), late}}}});
  const auto hit = send();
  ASSERT_TRUE(hit && hit->plan);
  std::vector<Duration> times;
  for (const ScriptedNews& news : hit->plan->news) times.push_back(news.at);
  EXPECT_THAT(times, ElementsAre(500ms, 1200ms, 10s));
}

TEST_F(ScriptTest, WithoutCallbacksTheSimulatorGoesItsOwnWays) {
  use({{.id = "answer", .respond = ScriptResponse{.status = 429, .code = 63018}},
       {.id = "silent", .priority = 1, .callbacks = std::vector<ScriptedCallback>()}});
  const auto answered = send();
  ASSERT_TRUE(answered && answered->respond);
  EXPECT_EQ(answered->plan, nullptr);
  use({{.id = "silent", .callbacks = std::vector<ScriptedCallback>()}});
  const auto silent = send();
  ASSERT_TRUE(silent && silent->plan);
  EXPECT_TRUE(silent->plan->news.empty());
}

TEST_F(ScriptTest, TheSameSeedDrawsTheSameTimesAndOrders) {
  const ScriptRule rule{
      .id = "a",
      .callbacks = {{after(1s, MessageStatus::Sent, 1h), after(1s, MessageStatus::Delivered, 1h),
                     after(1s, MessageStatus::Read, 1h)}},
      .shuffle = true};
  const auto plans = [&](std::uint64_t seed) {
    script = Script(Random(seed));
    use({rule});
    std::vector<ScriptPlan> made;
    for (int i = 0; i < 8; ++i) made.push_back(*send()->plan);
    return made;
  };
  const auto first = plans(7);
  EXPECT_EQ(first, plans(7));
  EXPECT_NE(first, plans(8));
  bool moved = false;
  for (const ScriptPlan& plan : first) {
    EXPECT_TRUE(std::ranges::is_sorted(plan.news, {}, &ScriptedNews::at));
    EXPECT_GE(plan.news[0].at, 1s);
    EXPECT_LE(plan.news[2].at, 3h + 3s);
    moved = moved || plan.news[0].status != MessageStatus::Sent;
  }
  EXPECT_TRUE(moved) << "eight sends, and none was shuffled";
}

}  // namespace
}  // namespace twindow::policy
