// SPDX-License-Identifier: Apache-2.0
// The ledger of a database.
#pragma once

#include <vector>

#include "twindow/ports/ledger.h"
#include "twindow/store/open_store.h"

#include "src/store/sqlite/account_table.h"
#include "src/store/sqlite/connection.h"

namespace twindow::store::sqlite {

class DecisionTable {
 public:
  DecisionTable(Connection& connection, const Retention& retention);

  // Makes room for it.
  Result<void> insert(Account& account, const LedgerEntry& entry);
  // The message of a decision has come to its end; there may be no such decision.
  Result<void> ended(const Account& account, const StatusUpdate& update);
  Result<std::vector<LedgerEntry>> find(const Account& account, const ports::LedgerQuery& query);
  Result<void> clear(Account& account);

 private:
  struct Oldest {
    std::int64_t place;
    Time made;
  };
  Result<void> make_room(Account& account, Time now);
  Result<Oldest> oldest_of(const Account& account);  // there is one

  Retention retention_;
  Statement insert_;
  Statement ended_;
  Statement older_;
  Statement by_sid_;
  Statement count_;
  Statement oldest_;
  Statement erase_;
  Statement clear_;
};

}  // namespace twindow::store::sqlite
