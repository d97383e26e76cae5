// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/window.h"

#include <gtest/gtest.h>

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
