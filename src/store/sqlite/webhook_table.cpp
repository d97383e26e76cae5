// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/webhook_table.h"

#include <algorithm>
#include <limits>

#include "twindow/base/limits.h"

#include "src/store/sqlite/packing.h"

namespace twindow::store::sqlite {

namespace {

std::int64_t clipped(std::uint64_t number) {
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(number, static_cast<std::uint64_t>(kMax)));
}

}  // namespace

WebhookTable::WebhookTable(Connection& connection)
    : insert_(connection,
              "INSERT INTO webhook (place, account, id, tries, due, data) "
              "VALUES (?, ?, ?, 0, ?, ?) ON CONFLICT (account, id) DO NOTHING"),
      last_place_(connection, "SELECT coalesce(max(place), 0) FROM webhook"),
      pending_(connection,
               "SELECT place, tries, due, data FROM webhook INDEXED BY webhook_by_account "
               "WHERE account = ? AND place > ? ORDER BY place LIMIT ?"),
      tried_(connection,
             "UPDATE webhook SET tries = tries + 1, due = ?3 WHERE account = ?1 AND id = ?2"),
      erase_(connection, "DELETE FROM webhook WHERE account = ? AND id = ?"),
      clear_(connection, "DELETE FROM webhook WHERE account = ?"),
      was_told_(connection, "SELECT place FROM told WHERE account = ? AND id = ?"),
      told_(connection, "INSERT INTO told (account, id) VALUES (?, ?)"),
      forget_(connection, "DELETE FROM told WHERE place <= ?"),
      forget_all_(connection, "DELETE FROM told WHERE account = ?") {}

Result<bool> WebhookTable::insert(const Account& account, const Webhook& webhook, Time due) {
  {
    Query told = was_told_.with(account.id, webhook.id);
    const bool was_told = TWINDOW_TRY(told.next());
    if (was_told) return false;
  }
  const std::string data = pack(webhook);
  const std::int64_t place = TWINDOW_TRY(next_place());
  Query query =
      insert_.with(place, account.id, webhook.id, due.time_since_epoch().count(), Blob{data});
  TWINDOW_TRY(query.run());
  return query.changed() > 0;
}

// SQLite would give the place of the last row again once that is gone, and who has read up to there
// would never see it.
Result<std::int64_t> WebhookTable::next_place() {
  if (!place_) {
    Query query = last_place_.with();
    TWINDOW_TRY(query.next());
    place_ = query.number(0);
  }
  return ++*place_;
}

Result<std::vector<ports::QueuedWebhook>> WebhookTable::pending(const Account& account,
                                                                std::uint64_t after,
                                                                std::size_t limit) {
  std::vector<ports::QueuedWebhook> found;
  Query query = pending_.with(account.id, clipped(after), clipped(limit));
  while (TWINDOW_TRY(query.next())) {
    Webhook webhook = TWINDOW_TRY(unpack_webhook(query.text(3), account.sid));
    found.push_back({.place = static_cast<std::uint64_t>(query.number(0)),
                     .webhook = std::move(webhook),
                     .tries = static_cast<std::uint32_t>(query.number(1)),
                     .due = Time(Duration(query.number(2)))});
  }
  return found;
}

Result<bool> WebhookTable::tried(const Account& account, const std::string& id, Time due) {
  Query query = tried_.with(account.id, id, due.time_since_epoch().count());
  TWINDOW_TRY(query.run());
  return query.changed() > 0;
}

Result<bool> WebhookTable::done(const Account& account, const std::string& id) {
  {
    Query query = erase_.with(account.id, id);
    TWINDOW_TRY(query.run());
    if (query.changed() == 0) return false;
  }
  std::int64_t place = 0;
  {
    Query query = told_.with(account.id, id);
    TWINDOW_TRY(query.run());
    place = query.inserted();
  }
  constexpr std::int64_t kForgetAtOnce = 256;
  const std::int64_t kept = limits::kToldKeptMax;
  if (place % kForgetAtOnce == 0 && place > kept) {
    TWINDOW_TRY(forget_.with(place - kept).run());
  }
  return true;
}

Result<void> WebhookTable::clear(const Account& account) {
  TWINDOW_TRY(clear_.with(account.id).run());
  return forget_all_.with(account.id).run();
}

}  // namespace twindow::store::sqlite
