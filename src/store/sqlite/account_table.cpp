// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/account_table.h"

namespace twindow::store::sqlite {

AccountTable::AccountTable(Connection& connection)
    : find_(connection, "SELECT id FROM account WHERE sid = ?"),
      make_(connection, "INSERT INTO account (sid) VALUES (?)"),
      all_(
          connection,
          "SELECT sid, name, value FROM account LEFT JOIN counter ON counter.account = account.id"),
      raise_(connection,
             "INSERT INTO counter (account, name, value) VALUES (?, ?, ?) "
             "ON CONFLICT DO UPDATE SET value = max(value, excluded.value)"),
      clear_(connection, "DELETE FROM counter WHERE account = ?") {}

Result<Account*> AccountTable::find(const AccountSid& sid) {
  const auto known = known_.find(sid);
  if (known != known_.end()) return &known->second;
  Query query = find_.with(sid.text);
  const bool found = TWINDOW_TRY(query.next());
  if (!found) return nullptr;
  return &known_.emplace(sid, Account{.id = query.number(0), .sid = sid}).first->second;
}

Result<Account*> AccountTable::find_or_make(const AccountSid& sid) {
  Account* const found = TWINDOW_TRY(find(sid));
  if (found != nullptr) return found;
  Query query = make_.with(sid.text);
  TWINDOW_TRY(query.run());
  const Account made{.id = query.inserted(), .sid = sid, .messages = 0, .decisions = 0};
  return &known_.emplace(sid, made).first->second;
}

Result<std::map<AccountSid, Counters>> AccountTable::all() {
  std::map<AccountSid, Counters> found;
  Query query = all_.with();
  while (TWINDOW_TRY(query.next())) {
    Counters& counters = found[AccountSid{std::string(query.text(0))}];
    const std::string_view name = query.text(1);
    if (!name.empty()) counters.emplace(name, static_cast<std::uint64_t>(query.number(2)));
  }
  return found;
}

Result<void> AccountTable::raise(const Account& account, const RaisedCounters& counters) {
  for (const auto& [name, value] : counters) {
    Query query = raise_.with(account.id, name, static_cast<std::int64_t>(value));
    TWINDOW_TRY(query.run());
  }
  return {};
}

Result<void> AccountTable::clear_counters(const Account& account) {
  return clear_.with(account.id).run();
}

}  // namespace twindow::store::sqlite
