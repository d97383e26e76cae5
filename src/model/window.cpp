// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/window.h"

#include <array>

namespace twindow {

namespace {
constexpr std::array<std::string_view, 4> kStates{"none", "unknown", "closed", "open"};
}

WindowKey window_key(const Address& sender, const Address& user) {
  return WindowKey{.sender = sender.text, .user = canonical_user(user)};
}

std::string_view to_text(WindowState state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<WindowState> parse_window_state(std::string_view text) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == text) return static_cast<WindowState>(i);
  }
  return std::nullopt;
}

bool is_open(const Window& window, Time now, Duration margin) {
  return !window.closed && now < window.expires() - margin;
}

WindowState state_at(const WindowFact& fact, Time at, Duration margin) {
  if (fact.window && is_open(*fact.window, at, margin)) return WindowState::Open;
  const bool closed = fact.window && fact.window->closed;
  return fact.covered || closed ? WindowState::Closed : WindowState::Unknown;
}

WindowAtSend window_at(const std::vector<WindowFact>& facts, Time at, Duration margin) {
  const auto severity = [](WindowState state) {
    return state == WindowState::Closed ? 2 : state == WindowState::Unknown ? 1 : 0;
  };
  std::optional<WindowAtSend> worst;
  for (const WindowFact& fact : facts) {
    WindowAtSend one{state_at(fact, at, margin), std::nullopt};
    if (fact.window) one.last_inbound = fact.window->last_inbound;
    // An empty optional is less than every time: a user who never wrote is the oldest.
    const bool worse = !worst || severity(one.state) > severity(worst->state) ||
                       (one.state == worst->state && one.last_inbound < worst->last_inbound);
    if (worse) worst = one;
  }
  return worst.value_or(WindowAtSend{WindowState::Unknown, std::nullopt});
}

}  // namespace twindow
