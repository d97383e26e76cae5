// SPDX-License-Identifier: Apache-2.0
// The decisions of one account, in memory.
#pragma once

#include <map>
#include <unordered_map>
#include <vector>

#include "twindow/ports/ledger.h"
#include "twindow/store/open_store.h"

namespace twindow::store {

class MemoryLedger {
 public:
  explicit MemoryLedger(Retention retention) : retention_(retention) {}

  void enter(LedgerEntry entry);
  void ended(const MessageSid& message, MessageStatus status, std::optional<int> error_code);
  std::vector<LedgerEntry> find(const ports::LedgerQuery& query) const;
  void clear();

 private:
  void drop_oldest();

  Retention retention_;
  std::uint64_t last_place_ = 0;
  std::map<std::uint64_t, LedgerEntry> entries_;
  std::unordered_map<MessageSid, std::uint64_t> place_of_;
};

}  // namespace twindow::store
