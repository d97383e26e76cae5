// SPDX-License-Identifier: Apache-2.0
// The two SIDs of a message that was held: the one that the app was given, and Twilio's.
#pragma once

#include <map>
#include <optional>

#include "twindow/model/sid.h"

namespace twindow::gateway {

// A value.
class Aliases {
 public:
  void add(const MessageSid& upstream, const MessageSid& ours) {
    ours_.insert_or_assign(upstream, ours);
  }
  std::optional<MessageSid> ours(const MessageSid& upstream) const {
    const auto found = ours_.find(upstream);
    return found == ours_.end() ? std::nullopt : std::optional(found->second);
  }
  bool knows(const MessageSid& upstream) const { return ours_.contains(upstream); }
  void clear() { ours_.clear(); }

 private:
  std::map<MessageSid, MessageSid> ours_;  // by Twilio's
};

}  // namespace twindow::gateway
