// SPDX-License-Identifier: Apache-2.0
// What happens at the end of a window, and some time before it.
#include <algorithm>

#include "twindow/gateway/world.h"

namespace twindow::gateway {

Duration World::warn_before() const {
  return policy_ ? policy_->window.warn_before : policy::WindowOptions().warn_before;
}

void World::watch_end(const Window& window, Warn warn) {
  const Time end = window.expires() - margin();
  if (watched_end(window.key, end) != nullptr) return;
  window_ends_[window.key] = {.at = end};
  const Time now = time_.now();
  const Time warned_at = end - warn_before();
  if (warn == Warn::Always || warned_at > now) {
    time_.at(std::max(warned_at, now), TimerKind::Deadline,
             [this, window, end] { closing_soon(window, end); });
  }
  time_.at(end, TimerKind::Deadline, [this, window, end] { closed(window, end); });
}

// Null if it was extended or closed since.
World::WatchedEnd* World::watched_end(const WindowKey& key, Time end) {
  const auto watched = window_ends_.find(key);
  const bool same = watched != window_ends_.end() && watched->second.at == end;
  return same ? &watched->second : nullptr;
}

void World::closing_soon(const Window& window, Time end) {
  WatchedEnd* const watched = watched_end(window.key, end);
  if (watched == nullptr || watched->warned) return;
  watched->warned = true;
  if (heard()) record(time_.now(), ClosingSoonEvent{window, end});
  if (!closing_soon_url_) return;
  const MessageSid none;
  postman_.enqueue(webhook(none, *closing_soon_url_, ClosingSoonNews{window, end}));
}

void World::closed(const Window& window, Time end) {
  if (watched_end(window.key, end) == nullptr) return;
  window_ends_.erase(window.key);
  if (heard()) record(time_.now(), WindowEvent{window, WindowState::Closed});
}

}  // namespace twindow::gateway
