// SPDX-License-Identifier: Apache-2.0
// Which of Twilio's webhooks were here before: the same news has the same
// I-Twilio-Idempotency-Token, however often it comes.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "twindow/base/clock.h"
#include "twindow/model/sid.h"

namespace twindow::gateway {

// Of one account; used on its world's strand. In memory, and bounded: a token is remembered for as
// long as a window is open, and the oldest go first where there is no room.
class SeenTokens {
 public:
  static constexpr Duration kKept = std::chrono::hours(24);
  static constexpr std::size_t kTokensMax = 100'000;

  explicit SeenTokens(std::size_t tokens_max = kTokensMax) : tokens_max_(tokens_max) {}

  // The message that came with the token before, if one did; else it is this one from now on.
  std::optional<MessageSid> first_with(const std::string& token, const MessageSid& sid, Time now);
  // As if it had not come: what came with it could not be kept.
  void forget(const std::string& token) { messages_.erase(token); }
  void clear();

  std::size_t size() const { return messages_.size(); }

 private:
  void make_room(Time now);

  struct Seen {
    std::string token;
    Time at;
  };
  struct First {
    MessageSid sid;
    Time at;
  };
  const std::size_t tokens_max_;
  std::deque<Seen> order_;  // the oldest first; some of them may be forgotten
  std::unordered_map<std::string, First> messages_;
};

}  // namespace twindow::gateway
