// SPDX-License-Identifier: Apache-2.0
// The accounts of a database and their counters.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "twindow/model/sid.h"

#include "src/store/sqlite/connection.h"

namespace twindow::store::sqlite {

struct Account {
  std::int64_t id = 0;
  AccountSid sid = {};
  // How many it has, once they were counted.
  std::optional<std::size_t> messages = {};
  std::optional<std::size_t> decisions = {};
};

using Counters = std::map<std::string, std::uint64_t, std::less<>>;
using RaisedCounters = std::vector<std::pair<std::string, std::uint64_t>>;

class AccountTable {
 public:
  explicit AccountTable(Connection& connection);

  // Null if it has no row. What is returned is good until `forget`.
  Result<Account*> find(const AccountSid& sid);
  Result<Account*> find_or_make(const AccountSid& sid);
  // After a rollback: what was remembered may be wrong.
  void forget() { known_.clear(); }

  Result<std::map<AccountSid, Counters>> all();
  Result<void> raise(const Account& account, const RaisedCounters& counters);
  Result<void> clear_counters(const Account& account);

 private:
  std::unordered_map<AccountSid, Account> known_;
  Statement find_;
  Statement make_;
  Statement all_;
  Statement raise_;
  Statement clear_;
};

}  // namespace twindow::store::sqlite
