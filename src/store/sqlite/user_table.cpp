// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/user_table.h"

namespace twindow::store::sqlite {

UserTable::UserTable(Connection& connection)
    : find_alias_(connection,
                  "SELECT user FROM user_alias WHERE account = ? AND sender = ? AND alias = ?"),
      put_alias_(connection,
                 "INSERT INTO user_alias (account, sender, alias, user) VALUES (?, ?, ?, ?) "
                 "ON CONFLICT DO UPDATE SET user = excluded.user"),
      move_aliases_(connection,
                    "UPDATE user_alias SET user = ? WHERE account = ? AND sender = ? AND user = ?"),
      move_opt_outs_(connection,
                     "UPDATE OR IGNORE opt_out SET user = ? WHERE account = ? AND user = ?"),
      drop_opt_outs_(connection, "DELETE FROM opt_out WHERE account = ? AND user = ?"),
      list_opt_outs_(connection,
                     "SELECT sender, user, since FROM opt_out WHERE account = ? "
                     "ORDER BY sender, user"),
      put_opt_out_(connection,
                   "INSERT INTO opt_out (account, sender, user, since) VALUES (?, ?, ?, ?) "
                   "ON CONFLICT DO NOTHING"),
      erase_opt_out_(connection,
                     "DELETE FROM opt_out WHERE account = ? AND sender = ? AND user = ?"),
      clear_aliases_(connection, "DELETE FROM user_alias WHERE account = ?"),
      clear_opt_outs_(connection, "DELETE FROM opt_out WHERE account = ?") {}

Result<WindowKey> UserTable::resolve(const Account& account, const WindowKey& key) {
  if (!may_be_alias(key)) return key;
  Query query = find_alias_.with(account.id, key.sender, key.user);
  const bool found = TWINDOW_TRY(query.next());
  if (!found) return key;
  return WindowKey{.sender = key.sender, .user = std::string(query.text(0))};
}

Result<void> UserTable::join(const Account& account, const WindowKey& key,
                             const std::string& alias) {
  TWINDOW_TRY(put_alias_.with(account.id, key.sender, alias, key.user).run());
  TWINDOW_TRY(move_aliases_.with(key.user, account.id, key.sender, alias).run());
  TWINDOW_TRY(move_opt_outs_.with(key.user, account.id, alias).run());
  return drop_opt_outs_.with(account.id, alias).run();
}

Result<std::vector<OptOut>> UserTable::opt_outs(const Account& account) {
  std::vector<OptOut> all;
  Query query = list_opt_outs_.with(account.id);
  while (TWINDOW_TRY(query.next())) {
    all.push_back({.sender = std::string(query.text(0)),
                   .user = std::string(query.text(1)),
                   .since = Time(Duration(query.number(2)))});
  }
  return all;
}

Result<void> UserTable::opt_out(const Account& account, const OptOut& who) {
  return put_opt_out_.with(account.id, who.sender, who.user, who.since.time_since_epoch().count())
      .run();
}

Result<void> UserTable::opt_in(const Account& account, std::string_view sender,
                               std::string_view user) {
  return erase_opt_out_.with(account.id, sender, user).run();
}

Result<void> UserTable::clear(const Account& account) {
  TWINDOW_TRY(clear_aliases_.with(account.id).run());
  return clear_opt_outs_.with(account.id).run();
}

}  // namespace twindow::store::sqlite
