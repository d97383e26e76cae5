// SPDX-License-Identifier: Apache-2.0
#include "src/store/memory_queue.h"

#include "twindow/base/limits.h"

namespace twindow::store {

Result<void> MemoryQueue::enqueue(Webhook webhook, Time due) {
  if (told_.contains(webhook.id)) return fail(Errc::Conflict, webhook.id);
  if (!place_of_.try_emplace(webhook.id, last_place_ + 1).second) {
    return fail(Errc::Conflict, webhook.id);
  }
  webhook.auth_token.text.clear();
  const std::uint64_t place = ++last_place_;
  queued_.emplace(
      place,
      ports::QueuedWebhook{.place = place, .webhook = std::move(webhook), .tries = 0, .due = due});
  return {};
}

std::vector<ports::QueuedWebhook> MemoryQueue::pending(std::uint64_t after,
                                                       std::size_t limit) const {
  std::vector<ports::QueuedWebhook> found;
  for (auto next = queued_.upper_bound(after); next != queued_.end() && found.size() < limit;
       ++next) {
    found.push_back(next->second);
  }
  return found;
}

Result<void> MemoryQueue::tried(const std::string& id, Time due) {
  const auto place = place_of_.find(id);
  if (place == place_of_.end()) return not_queued(id);
  ports::QueuedWebhook& queued = queued_.at(place->second);
  ++queued.tries;
  queued.due = due;
  return {};
}

Result<void> MemoryQueue::done(const std::string& id) {
  const auto place = place_of_.find(id);
  if (place == place_of_.end()) return not_queued(id);
  queued_.erase(place->second);
  place_of_.erase(place);
  told_.insert(id);
  told_order_.push_back(id);
  if (told_order_.size() > limits::kToldKeptMax) {
    told_.erase(told_order_.front());
    told_order_.pop_front();
  }
  return {};
}

void MemoryQueue::clear() {
  queued_.clear();
  place_of_.clear();
  told_.clear();
  told_order_.clear();
}

Unexpected<Error> not_queued(const std::string& id) { return fail(Errc::NotFound, id); }

}  // namespace twindow::store
