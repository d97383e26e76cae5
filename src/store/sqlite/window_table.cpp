// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/window_table.h"

namespace twindow::store::sqlite {

WindowTable::WindowTable(Connection& connection)
    : find_(connection,
            "SELECT last_inbound, user_spelling, closed, from_ad FROM service_window "
            "WHERE account = ? AND sender = ? AND user = ?"),
      list_(connection,
            "SELECT last_inbound, user_spelling, closed, from_ad, sender, user FROM service_window "
            "WHERE account = ? ORDER BY sender, user"),
      put_(
          connection,
          "INSERT INTO service_window (account, sender, user, last_inbound, user_spelling, closed, "
          "from_ad) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET last_inbound = "
          "excluded.last_inbound, user_spelling = excluded.user_spelling, "
          "closed = excluded.closed, from_ad = excluded.from_ad"),
      erase_(connection,
             "DELETE FROM service_window WHERE account = ? AND sender = ? AND user = ?"),
      clear_(connection, "DELETE FROM service_window WHERE account = ?") {}

namespace {

Window window_of(const Query& row, WindowKey key) {
  Window window{.key = std::move(key),
                .last_inbound = Time(Duration(row.number(0))),
                .user_spelling = std::string(row.text(1)),
                .closed = row.number(2) != 0};
  // No ad is from 1970: NULL reads as 0.
  if (row.number(3) != 0) window.from_ad = Time(Duration(row.number(3)));
  return window;
}

}  // namespace

Result<std::optional<Window>> WindowTable::find(const Account& account, const WindowKey& key) {
  Query query = find_.with(account.id, key.sender, key.user);
  const bool found = TWINDOW_TRY(query.next());
  if (!found) return std::optional<Window>();
  return std::optional(window_of(query, key));
}

Result<std::vector<Window>> WindowTable::list(const Account& account) {
  std::vector<Window> all;
  Query query = list_.with(account.id);
  while (TWINDOW_TRY(query.next())) {
    WindowKey key{.sender = std::string(query.text(4)), .user = std::string(query.text(5))};
    all.push_back(window_of(query, std::move(key)));
  }
  return all;
}

Result<void> WindowTable::put(const Account& account, const Window& window) {
  std::optional<std::int64_t> from_ad;
  if (window.from_ad) from_ad = window.from_ad->time_since_epoch().count();
  return put_
      .with(account.id, window.key.sender, window.key.user,
            window.last_inbound.time_since_epoch().count(), window.user_spelling,
            static_cast<std::int64_t>(window.closed), from_ad)
      .run();
}

Result<bool> WindowTable::erase(const Account& account, const WindowKey& key) {
  Query query = erase_.with(account.id, key.sender, key.user);
  TWINDOW_TRY(query.run());
  return query.changed() > 0;
}

Result<void> WindowTable::clear(const Account& account) { return clear_.with(account.id).run(); }

}  // namespace twindow::store::sqlite
