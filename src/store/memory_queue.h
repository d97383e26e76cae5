// SPDX-License-Identifier: Apache-2.0
// Queued webhooks of one account, in memory.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "twindow/ports/webhook_queue.h"

namespace twindow::store {

class MemoryQueue {
 public:
  Result<void> enqueue(Webhook webhook, Time due);
  std::vector<ports::QueuedWebhook> pending(std::uint64_t after, std::size_t limit) const;
  Result<void> tried(const std::string& id, Time due);
  Result<void> done(const std::string& id);
  void clear();

 private:
  std::uint64_t last_place_ = 0;
  std::map<std::uint64_t, ports::QueuedWebhook> queued_;
  std::unordered_map<std::string, std::uint64_t> place_of_;
  std::unordered_set<std::string> told_;  // done lately
  std::deque<std::string> told_order_;
};

Unexpected<Error> not_queued(const std::string& id);

}  // namespace twindow::store
