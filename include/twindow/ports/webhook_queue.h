// SPDX-License-Identifier: Apache-2.0
// Webhooks that must reach the app, however often we are started again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/base/task.h"
#include "twindow/model/error.h"
#include "twindow/model/webhook.h"

namespace twindow::ports {

struct QueuedWebhook {
  std::uint64_t place = 0;  // greater than that of all that were in the queue before it
  Webhook webhook;          // without its token: it is signed with the account's, as it is by then
  std::uint32_t tries = 0;
  Time due = {};  // when to try next
};

// The queue of one account, used as its message store is: on the strand of the account's world,
// each call one transaction, resumed after what it changed is safe.
class WebhookQueue {
 public:
  virtual ~WebhookQueue() = default;

  // Errc::Conflict if its id is in the queue already, or was done lately (limits::kToldKeptMax).
  virtual Task<Result<void>> enqueue(Webhook webhook, Time due) = 0;

  // What is not done, in the order in which it was queued, so that the webhooks of one message keep
  // theirs: at most `limit`, all of them behind `after` (0: from the first).
  virtual Task<Result<std::vector<QueuedWebhook>>> pending(std::uint64_t after,
                                                           std::size_t limit) = 0;

  // It was tried, in vain: one try more, the next at `due`. Errc::NotFound.
  virtual Task<Result<void>> tried(std::string id, Time due) = 0;

  // The app has it, or nobody will try again: it leaves the queue. Errc::NotFound.
  virtual Task<Result<void>> done(std::string id) = 0;
};

}  // namespace twindow::ports
