// SPDX-License-Identifier: Apache-2.0
// In front of the real Twilio: held messages on their way out, in the order of their creation, one
// at a time for each pair, and each once, whatever breaks in between.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "twindow/base/clock.h"
#include "twindow/base/task.h"
#include "twindow/base/timers.h"
#include "twindow/base/wakeup.h"
#include "twindow/gateway/aliases.h"
#include "twindow/gateway/held_sends.h"
#include "twindow/model/message.h"
#include "twindow/ports/message_store.h"
#include "twindow/ports/twilio_api.h"
#include "twindow/ports/twilio_sender.h"

namespace twindow::gateway {

// Of one account; used on its world's strand. That a message is on its way (`released`) is stored
// before the first byte of it leaves. Where it ends without Twilio's word, also by a crash, Twilio
// is asked for the message first, and it goes out again only if there is none.
class HeldRelease {
 public:
  // The references outlive it.
  struct Parts {
    ports::AccountStore& store;
    const Clock& clock;
    Timers& timers;
    ports::TwilioSender& sender;
    ports::TwilioApi& twilio;
    HeldSends& held;
    Aliases& aliases;
    std::function<Task<bool>(WindowKey)> is_open;
    // A message has changed, and is stored.
    std::function<void(const Message&)> changed;
    // It will not be sent any more, with this code; the rest is the world's.
    std::function<void(const MessageSid&, int code)> failed;
    // Twilio has not got it after all, and its user's window has closed.
    std::function<void(const Message&)> held_again;
    std::function<void()> rested;
  };

  HeldRelease(const Strand& strand, Parts parts);

  void begin(const WindowKey& pair);  // its user has written
  // True: it is on its way, and can neither be canceled nor end by its time.
  bool on_its_way(const MessageSid& sid) const { return on_their_way_.contains(sid); }

  // Twilio's SID of a message of ours has become known, by whichever way.
  Task<void> found_upstream(MessageSid sid, MessageSid upstream);

  void stop();
  void clear();
  bool idle() const { return busy_ == 0; }  // nothing is under way; some may wait to be tried again

 private:
  enum class Step { Done, Again, Wait };

  Task<void> run(WindowKey pair);
  Task<bool> release(WindowKey pair, MessageSid sid);
  struct Claimed {
    Message message;
    bool before = false;  // an earlier run had claimed it
  };
  Task<std::optional<Claimed>> claim(MessageSid sid);
  Task<Step> step(const Message& message, bool& lost);
  Task<Step> look_for(const Message& message, bool& lost);
  Task<void> give_back(MessageSid sid);
  Task<void> pause(Duration longest);
  void rest();

  Strand strand_;
  Parts parts_;
  std::set<WindowKey> pairs_;  // being released
  std::set<MessageSid> on_their_way_;
  std::set<std::shared_ptr<Wakeup>> pauses_;
  std::size_t busy_ = 0;  // pairs that are at work, and do not pause
  std::uint64_t epoch_ = 0;
  bool stopped_ = false;
};

}  // namespace twindow::gateway
