// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/seen_tokens.h"

namespace twindow::gateway {

std::optional<MessageSid> SeenTokens::first_with(const std::string& token, const MessageSid& sid,
                                                 Time now) {
  make_room(now);
  const auto [seen, first] = messages_.try_emplace(token, First{sid, now});
  if (!first) return seen->second.sid;
  order_.push_back({token, now});
  return std::nullopt;
}

void SeenTokens::clear() {
  order_.clear();
  messages_.clear();
}

// The one that is about to come has room then.
void SeenTokens::make_room(Time now) {
  while (!order_.empty()) {
    const Seen& oldest = order_.front();
    const bool over = now >= oldest.at + kKept;
    if (!over && order_.size() < tokens_max_) return;
    // It may have been forgotten, and have come again since.
    const auto seen = messages_.find(oldest.token);
    if (seen != messages_.end() && seen->second.at == oldest.at) messages_.erase(seen);
    order_.pop_front();
  }
}

}  // namespace twindow::gateway
