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
  Result<void> insert(const Account& account, const LedgerEntry& entry);
  // The message of a decision has come to its end; there may be no such decision.
  Result<void> ended(const Account& account, const StatusUpdate& update);
  Result<std::vector<LedgerEntry>> find(const Account& account, const ports::LedgerQuery& query);
  Result<void> clear(const Account& account);

 private:
  Result<void> make_room(const Account& account, std::int64_t newest, Time now);

  Retention retention_;
  Statement insert_;
  Statement ended_;
  Statement older_;
  Statement by_sid_;
  Statement drop_surplus_;
  Statement drop_old_;
  Statement clear_;
};

}  // namespace twindow::store::sqlite
