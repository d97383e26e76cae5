// SPDX-License-Identifier: Apache-2.0
// Which messages are held back, and for whom.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "twindow/model/message.h"
#include "twindow/model/window.h"

namespace twindow::gateway {

// A value: the order in which they were created, by pair.
class HeldSends {
 public:
  bool add(const WindowKey& pair, const MessageSid& sid);  // false: it is held already
  std::size_t count(const WindowKey& pair) const;
  std::optional<MessageSid> first(const WindowKey& pair) const;
  bool remove(const WindowKey& pair, const MessageSid& sid);  // false: it was not held
  std::vector<WindowKey> pairs() const;

  // The pair's last nudge.
  std::optional<Time> last_nudge(const WindowKey& pair) const;
  void nudged(const WindowKey& pair, Time at) { nudges_[pair] = at; }

  void clear();

 private:
  std::map<WindowKey, std::deque<MessageSid>> held_;
  std::map<WindowKey, Time> nudges_;
};

}  // namespace twindow::gateway
