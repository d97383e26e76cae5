// SPDX-License-Identifier: Apache-2.0
// The ledger of a database.
#pragma once

#include <vector>

#include "twindow/ports/ledger.h"
#include "twindow/store/open_store.h"

#include "src/store/sqlite/account_table.h"
#include "src/store/sqlite/connection.h"
#include "src/store/sqlite/name_table.h"

namespace twindow::store::sqlite {

class DecisionTable {
 public:
  DecisionTable(Connection& connection, NameTable& names, const Retention& retention);

  // At the place of its message if that was inserted with it. Makes room for it.
  Result<void> insert(Account& account, const LedgerEntry& entry,
                      std::optional<std::int64_t> place = {});
  // The message of a decision has come to its end; there may be no such decision.
  Result<void> ended(const Account& account, const StatusUpdate& update);
  Result<std::vector<LedgerEntry>> find(const Account& account, const ports::LedgerQuery& query);
  Result<void> clear(Account& account);

 private:
  Result<NameTable::Places> places_of(const Account& account, const MessageSid& message);
  Result<std::vector<LedgerEntry>> of_message(const Account& account,
                                              const ports::LedgerQuery& query);
  struct Oldest {
    std::int64_t place;
    Time made;
    std::string sid;  // '': of no message
  };
  Result<void> make_room(Account& account, Time now);
  Result<Oldest> oldest_of(const Account& account);  // there is one

  NameTable& names_;
  Retention retention_;
  Statement insert_;
  Statement ended_;
  Statement older_;
  Statement at_;
  Statement count_;
  Statement oldest_;
  Statement erase_;
  Statement clear_;
};

}  // namespace twindow::store::sqlite
