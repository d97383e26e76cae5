// SPDX-License-Identifier: Apache-2.0
// Tells the app what Twilio has told us and what was acknowledged to Twilio: out of the store's
// queue, in order for each message, again and again until the app takes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <unordered_set>

#include "twindow/base/timers.h"
#include "twindow/base/wakeup.h"
#include "twindow/ports/webhook_queue.h"

namespace twindow::gateway {

// How long to wait after that many tries in vain (1: the first): 1 s, doubling to 10 min.
Duration relay_pause(std::uint32_t tries);
// True if nobody shall try again: the last try was 24 h of pauses after the first.
bool relay_given_up(std::uint32_t tries);

// Belongs to one world's strand. What it is made with outlives it.
class Relay {
 public:
  struct Parts {
    ports::WebhookQueue& queue;
    const Clock& clock;
    Timers& timers;
    // Tries once; `tries` were made before. Whether the app took it is in the record.
    std::function<Task<WebhookRecord>(Webhook webhook, std::uint32_t tries)> deliver;
    std::function<void()> changed;  // a try has ended, a timer was set; touches memory only
  };

  Relay(const Strand& strand, Parts parts);

  // There is something in the queue that was not there before.
  void wake();
  void stop();   // nothing begins any more; what is under way goes on
  void clear();  // the queue was emptied by others

  // True if the app has taken the webhook with this id lately, which it shall not see twice.
  bool has_told(const std::string& id) const { return told_.contains(id); }

  bool idle() const;                          // nothing happens until a timer fires or `wake`
  Task<void> news() { return news_.wait(); }  // until something has ended; one waiter

 private:
  // The webhooks of one message. Only the first is tried; it is either under way, or waits for its
  // timer, or its message is in `ready_`.
  using Chain = std::deque<ports::QueuedWebhook>;

  Task<void> load();
  void take(ports::QueuedWebhook queued);
  void schedule(const MessageSid& message, Time due);
  void launch();
  Task<void> run(MessageSid message);
  Task<void> settle(const MessageSid& message, bool taken);
  void remember(const std::string& id);
  void tell_news();

  Strand strand_;
  Parts parts_;
  std::map<MessageSid, Chain> chains_;
  std::deque<MessageSid> ready_;
  std::size_t loaded_ = 0;        // webhooks in all chains
  std::uint64_t last_place_ = 0;  // of those that were loaded
  std::size_t in_flight_ = 0;
  std::uint64_t epoch_ = 0;  // grows with each clear()
  bool loading_ = false;
  bool again_ = false;   // the queue may have more than was seen
  bool behind_ = false;  // it has more, which must wait for room here
  bool stopped_ = false;
  std::deque<std::string> told_in_order_;
  std::unordered_set<std::string> told_;
  Wakeup news_;
};

}  // namespace twindow::gateway
