// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/decision_table.h"

#include <algorithm>
#include <limits>

#include "src/store/sqlite/packing.h"

namespace twindow::store::sqlite {

namespace {

constexpr std::int64_t kBehindAll = std::numeric_limits<std::int64_t>::max();

// Surplus is looked for with one entry of 256: to find it costs more than to keep it a while. The
// places are shuffled, since accounts that take turns would else have only odd or only even ones.
bool makes_room(std::int64_t place) {
  return static_cast<std::uint64_t>(place) * 0x9E37'79B9'7F4A'7C15 >> 56 == 0;
}

template <class Number>
std::int64_t clipped(Number number) {
  return static_cast<std::int64_t>(
      std::min<std::uint64_t>(number, static_cast<std::uint64_t>(kBehindAll)));
}

Result<LedgerEntry> entry_of(const Query& row) {
  LedgerEntry entry = TWINDOW_TRY(unpack_entry(row.text(1)));
  entry.place = static_cast<std::uint64_t>(row.number(0));
  if (!row.text(2).empty()) entry.message = MessageSid{std::string(row.text(2))};
  // SQLite gives an absent number as 0, which is the status of no message that has ended, and no
  // code of Twilio's.
  if (const std::int64_t status = row.number(3); status > 0) {
    entry.ended_as = static_cast<MessageStatus>(status);
  }
  if (const std::int64_t code = row.number(4); code > 0) entry.error_code = static_cast<int>(code);
  return entry;
}

}  // namespace

DecisionTable::DecisionTable(Connection& connection, const Retention& retention)
    : retention_(retention),
      insert_(connection, "INSERT INTO decision (account, sid, made, data) VALUES (?, ?, ?, ?)"),
      ended_(connection,
             "UPDATE decision INDEXED BY decision_by_sid SET ended_as = ?3, error_code = ?4 "
             "WHERE account = ?1 AND sid = ?2"),
      older_(connection,
             "SELECT place, data, sid, ended_as, error_code FROM decision "
             "INDEXED BY decision_by_account "
             "WHERE account = ? AND place < ? ORDER BY place DESC LIMIT ?"),
      by_sid_(connection,
              "SELECT place, data, sid, ended_as, error_code FROM decision "
              "INDEXED BY decision_by_sid "
              "WHERE account = ? AND sid = ? AND place < ? ORDER BY place DESC LIMIT ?"),
      drop_surplus_(connection,
                    "DELETE FROM decision WHERE account = ?1 AND place <= "
                    "(SELECT place FROM decision INDEXED BY decision_by_account "
                    "WHERE account = ?1 ORDER BY place DESC LIMIT 1 OFFSET ?2)"),
      drop_old_(connection, "DELETE FROM decision WHERE account = ? AND made < ? AND place < ?"),
      clear_(connection, "DELETE FROM decision WHERE account = ?") {}

Result<void> DecisionTable::insert(const Account& account, const LedgerEntry& entry) {
  const std::string data = pack(entry);
  std::optional<std::string_view> sid;
  if (entry.message) sid = entry.message->text;
  std::int64_t place = 0;
  {
    Query query = insert_.with(account.id, sid, entry.at.time_since_epoch().count(), Blob{data});
    TWINDOW_TRY(query.run());
    place = query.inserted();
  }
  return make_room(account, place, entry.at);
}

// The newest stays, whatever it is.
Result<void> DecisionTable::make_room(const Account& account, std::int64_t newest, Time now) {
  if (!makes_room(newest)) return {};
  TWINDOW_TRY(
      drop_surplus_.with(account.id, clipped(std::max<std::size_t>(retention_.decisions_max, 1)))
          .run());
  if (!retention_.age_max) return {};
  const std::int64_t oldest = (now - *retention_.age_max).time_since_epoch().count();
  return drop_old_.with(account.id, oldest, newest).run();
}

Result<void> DecisionTable::ended(const Account& account, const StatusUpdate& update) {
  std::optional<std::int64_t> code;
  if (update.error_code) code = *update.error_code;
  return ended_.with(account.id, update.sid.text, static_cast<std::int64_t>(update.status), code)
      .run();
}

Result<std::vector<LedgerEntry>> DecisionTable::find(const Account& account,
                                                     const ports::LedgerQuery& query) {
  std::vector<LedgerEntry> found;
  const std::int64_t before = query.before ? clipped(*query.before) : kBehindAll;
  const std::int64_t limit = clipped(query.limit);
  Query rows = query.message ? by_sid_.with(account.id, query.message->text, before, limit)
                             : older_.with(account.id, before, limit);
  while (TWINDOW_TRY(rows.next())) found.push_back(TWINDOW_TRY(entry_of(rows)));
  return found;
}

Result<void> DecisionTable::clear(const Account& account) { return clear_.with(account.id).run(); }

}  // namespace twindow::store::sqlite
