// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/window.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow {
namespace {

using namespace std::chrono_literals;

const Time kInbound = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + 9h;
const Window kWindow{{"whatsapp:+14155550100", "+525512345678"}, kInbound, ""};

TEST(Window, ClosesExactlyAtItsLength) {
  EXPECT_TRUE(is_open(kWindow, kInbound, 0s));
  EXPECT_TRUE(is_open(kWindow, kInbound + 24h - 1ms, 0s));
  EXPECT_FALSE(is_open(kWindow, kInbound + 24h, 0s));
}

TEST(Window, ClosesEarlierByItsMargin) {
  EXPECT_TRUE(is_open(kWindow, kInbound + 24h - 60s - 1ms, 60s));
  EXPECT_FALSE(is_open(kWindow, kInbound + 24h - 60s, 60s));
}

TEST(Window, StaysClosedWhenClosedByHand) {
  Window window = kWindow;
  window.closed = true;
  EXPECT_FALSE(is_open(window, kInbound, 0s));
}

// Instants are given from the user's last message.
struct FactCase {
  const char* name;
  std::optional<Duration> wrote_before;  // the send; empty: never, as far as is known
  bool covered;
  bool by_hand;
  Duration margin;
  WindowState want;
};

class Facts : public testing::TestWithParam<FactCase> {};

TEST_P(Facts, TellTheStateToTheMillisecond) {
  const FactCase& c = GetParam();
  WindowFact fact{.window = {}, .covered = c.covered};
  if (c.wrote_before) fact.window = kWindow;
  if (fact.window) fact.window->closed = c.by_hand;
  EXPECT_EQ(state_at(fact, kInbound + c.wrote_before.value_or(0s), c.margin), c.want);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, Facts, testing::ValuesIn(std::vector<FactCase>{
    //                       wrote before   covered by hand margin
    {"JustNow",              0ms,           true,  false, 0s,  WindowState::Open},
    {"LastInstant",          24h - 1ms,     true,  false, 0s,  WindowState::Open},
    {"AtTheEnd",             24h,           true,  false, 0s,  WindowState::Closed},
    {"AfterTheEnd",          24h + 1ms,     true,  false, 0s,  WindowState::Closed},
    {"BeforeTheMargin",      24h - 60s - 1ms, true, false, 60s, WindowState::Open},
    {"AtTheMargin",          24h - 60s,     true,  false, 60s, WindowState::Closed},
    {"InTheMargin",          24h - 1ms,     true,  false, 60s, WindowState::Closed},
    {"MarginOfADay",         0ms,           true,  false, 24h, WindowState::Closed},
    {"NeverWrote",           std::nullopt,  true,  false, 0s,  WindowState::Closed},
    {"NeverSeenAnything",    std::nullopt,  false, false, 0s,  WindowState::Unknown},
    {"OneMessageIsEnough",   24h - 1ms,     false, false, 0s,  WindowState::Open},
    {"MayHaveWrittenSince",  24h,           false, false, 0s,  WindowState::Unknown},
    {"InTheMarginNotCovered", 24h - 1s,     false, false, 60s, WindowState::Unknown},
    {"ClosedByHand",         1h,            true,  true,  0s,  WindowState::Closed},
    {"ClosedByEvidenceOnly", 1h,            false, true,  0s,  WindowState::Closed},
}), test::case_name);
// clang-format on

struct PoolCase {
  const char* name;
  std::vector<std::optional<Duration>> wrote_before;  // to each sender that may be picked
  bool covered;
  WindowAtSend want;
};

class Pool : public testing::TestWithParam<PoolCase> {};

TEST_P(Pool, IsAsOpenAsItsWorstSender) {
  const Time now = kInbound;
  std::vector<WindowFact> facts;
  for (const auto& before : GetParam().wrote_before) {
    WindowFact fact{.window = {}, .covered = GetParam().covered};
    if (before) fact.window = Window{kWindow.key, now - *before, ""};
    facts.push_back(fact);
  }
  EXPECT_EQ(window_at(facts, now, 0s), GetParam().want);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, Pool, testing::ValuesIn(std::vector<PoolCase>{
    {"Nobody", {}, true, {WindowState::Unknown, std::nullopt}},
    {"One", {1h}, true, {WindowState::Open, kInbound - 1h}},
    {"AllOpenTellsTheFirstToClose", {1h, 3h, 2h}, true, {WindowState::Open, kInbound - 3h}},
    {"OneClosed", {1h, 25h}, true, {WindowState::Closed, kInbound - 25h}},
    {"OneNeverWrittenTo", {1h, std::nullopt, 25h}, true, {WindowState::Closed, std::nullopt}},
    {"OneUnknown", {1h, std::nullopt}, false, {WindowState::Unknown, std::nullopt}},
}), test::case_name);
// clang-format on

TEST(WindowState, IsReadBackAsItWasWritten) {
  using enum WindowState;
  for (const WindowState state : {None, Unknown, Closed, Open}) {
    EXPECT_EQ(parse_window_state(to_text(state)), state);
  }
}

TEST(WindowKey, IsOneForEverySpellingOfTheUser) {
  const Address shop = *parse_from("whatsapp:+14155550100");
  EXPECT_EQ(window_key(shop, *parse_to("whatsapp:+5215512345678")),
            window_key(shop, *parse_to("whatsapp:+525512345678")));
  EXPECT_NE(window_key(shop, *parse_to("whatsapp:+525512345678")),
            window_key(*parse_from("whatsapp:+14155550101"), *parse_to("whatsapp:+525512345678")));
}

}  // namespace
}  // namespace twindow
