// SPDX-License-Identifier: Apache-2.0
// How fast a sender sends, and how much may wait for it.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "twindow/base/clock.h"
#include "twindow/model/address.h"
#include "twindow/model/message.h"

namespace twindow::sim {

// Segments a second, on channels messages. Source: Twilio's pages on rate limits: US long code 1,
// toll-free 3, short code 100, alphanumeric about 10, WhatsApp 80, RCS 100.
int rate_of(const Address& sender);

// What may wait: ten hours at the sender's rate, on channels four.
Duration longest_wait(const Address& sender);

class SenderQueues {
 public:
  // How long a message that came now would wait.
  Duration wait(const Address& sender, Time now) const;
  bool is_full(const Address& sender, Time now) const {
    return wait(sender, now) >= longest_wait(sender);
  }
  // It waits as long as the answer says.
  Duration enter(const Message& message, Time now);
  void clear() { busy_until_.clear(); }

 private:
  std::map<std::string, std::chrono::sys_time<std::chrono::microseconds>> busy_until_;
};

}  // namespace twindow::sim
