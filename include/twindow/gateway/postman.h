// SPDX-License-Identifier: Apache-2.0
// Delivers the webhooks of one world: in order per message, a bounded number at a time.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <set>

#include "twindow/base/clock.h"
#include "twindow/base/wakeup.h"
#include "twindow/ports/app_endpoint.h"

namespace twindow::gateway {

// Belongs to one world's strand. `app` and `clock` outlive it.
class Postman {
 public:
  using Settled = std::function<Task<void>(WebhookRecord)>;

  // `settled` is awaited after each delivery, before the next of the same message starts.
  Postman(const Strand& strand, ports::AppEndpoint& app, const Clock& clock, Settled settled);

  void enqueue(Webhook webhook) { waiting_.push_back(std::move(webhook)); }

  // Starts what may start with at most `in_flight_max` under way. With 1 the order of the whole
  // world is kept, which is what makes a run repeatable.
  void launch(std::size_t in_flight_max);

  // Delivers at once, beside the queue; for those who wait for the app's answer.
  Task<WebhookRecord> deliver(Webhook webhook);

  bool idle() const { return waiting_.empty() && in_flight_ == 0; }
  Task<void> news() { return news_.wait(); }  // until a delivery has settled; one waiter
  void clear() { waiting_.clear(); }          // what is under way goes on

 private:
  Task<void> run(Webhook webhook);

  Strand strand_;
  ports::AppEndpoint& app_;
  const Clock& clock_;
  Settled settled_;
  std::deque<Webhook> waiting_;
  std::set<MessageSid> busy_;  // messages with a delivery under way
  std::size_t in_flight_ = 0;
  std::size_t in_flight_max_ = 1;
  Wakeup news_;
};

}  // namespace twindow::gateway
