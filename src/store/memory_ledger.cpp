// SPDX-License-Identifier: Apache-2.0
#include "src/store/memory_ledger.h"

namespace twindow::store {

void MemoryLedger::enter(LedgerEntry entry) {
  entry.place = ++last_place_;
  const Time now = entry.at;
  if (entry.message) place_of_.insert_or_assign(*entry.message, entry.place);
  entries_.emplace_hint(entries_.end(), entry.place, std::move(entry));
  while (entries_.size() > retention_.decisions_max) drop_oldest();
  while (retention_.age_max && entries_.size() > 1 &&
         entries_.begin()->second.at < now - *retention_.age_max) {
    drop_oldest();
  }
}

void MemoryLedger::ended(const MessageSid& message, MessageStatus status,
                         std::optional<int> error_code) {
  const auto place = place_of_.find(message);
  if (place == place_of_.end()) return;
  LedgerEntry& entry = entries_.at(place->second);
  entry.ended_as = status;
  entry.error_code = error_code;
}

std::vector<LedgerEntry> MemoryLedger::find(const ports::LedgerQuery& query) const {
  std::vector<LedgerEntry> found;
  if (query.message) {
    const auto place = place_of_.find(*query.message);
    if (place == place_of_.end() || (query.before && place->second >= *query.before)) return found;
    found.push_back(entries_.at(place->second));
    return found;
  }
  auto next = query.before ? entries_.lower_bound(*query.before) : entries_.end();
  while (next != entries_.begin() && found.size() < query.limit) {
    --next;
    found.push_back(next->second);
  }
  return found;
}

void MemoryLedger::clear() {
  entries_.clear();
  place_of_.clear();
}

void MemoryLedger::drop_oldest() {
  const auto oldest = entries_.begin();
  if (oldest->second.message) place_of_.erase(*oldest->second.message);
  entries_.erase(oldest);
}

}  // namespace twindow::store
