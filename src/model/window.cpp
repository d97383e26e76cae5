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

}  // namespace twindow
