// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/held_sends.h"

#include <algorithm>

namespace twindow::gateway {

bool HeldSends::add(const WindowKey& pair, const MessageSid& sid) {
  auto& held = held_[pair];
  if (std::ranges::find(held, sid) != held.end()) return false;
  held.push_back(sid);
  return true;
}

std::size_t HeldSends::count(const WindowKey& pair) const {
  const auto found = held_.find(pair);
  return found == held_.end() ? 0 : found->second.size();
}

std::optional<MessageSid> HeldSends::first(const WindowKey& pair) const {
  const auto found = held_.find(pair);
  if (found == held_.end()) return std::nullopt;
  return found->second.front();
}

bool HeldSends::remove(const WindowKey& pair, const MessageSid& sid) {
  const auto found = held_.find(pair);
  if (found == held_.end()) return false;
  const auto place = std::ranges::find(found->second, sid);
  if (place == found->second.end()) return false;
  found->second.erase(place);
  if (found->second.empty()) held_.erase(found);
  return true;
}

std::vector<WindowKey> HeldSends::pairs() const {
  std::vector<WindowKey> all;
  for (const auto& [pair, sids] : held_) all.push_back(pair);
  return all;
}

std::optional<Time> HeldSends::last_nudge(const WindowKey& pair) const {
  const auto found = nudges_.find(pair);
  return found == nudges_.end() ? std::nullopt : std::optional(found->second);
}

void HeldSends::clear() {
  held_.clear();
  nudges_.clear();
}

}  // namespace twindow::gateway
