// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/decision_table.h"

#include <algorithm>
#include <limits>

#include "src/store/sqlite/packing.h"

namespace twindow::store::sqlite {

namespace {

constexpr std::int64_t kBehindAll = std::numeric_limits<std::int64_t>::max();

// Of a database whose bound was lowered so many go with each that comes in: it becomes smaller, and
// nobody waits long for it.
constexpr int kDroppedAtOnceMax = 16;

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

DecisionTable::DecisionTable(Connection& connection, NameTable& names, const Retention& retention)
    : names_(names),
      retention_(retention),
      insert_(connection,
              "INSERT INTO decision (place, account, sid, made, data) VALUES (?, ?, ?, ?, ?)"),
      ended_(connection, "UPDATE decision SET ended_as = ?2, error_code = ?3 WHERE place = ?1"),
      older_(connection,
             "SELECT place, data, sid, ended_as, error_code FROM decision "
             "INDEXED BY decision_by_account "
             "WHERE account = ? AND place < ? ORDER BY place DESC LIMIT ?"),
      at_(connection,
          "SELECT place, data, sid, ended_as, error_code, account FROM decision WHERE place = ?"),
      count_(connection,
             "SELECT count(*) FROM decision INDEXED BY decision_by_account WHERE account = ?"),
      oldest_(connection,
              "SELECT place, made, sid FROM decision INDEXED BY decision_by_account "
              "WHERE account = ? ORDER BY place LIMIT 1"),
      erase_(connection, "DELETE FROM decision WHERE place = ?"),
      clear_(connection, "DELETE FROM decision WHERE account = ?") {}

Result<void> DecisionTable::insert(Account& account, const LedgerEntry& entry,
                                   std::optional<std::int64_t> place) {
  const std::string data = pack(entry);
  std::optional<std::string_view> sid;
  if (entry.message) sid = entry.message->text;
  if (!place) place = names_.new_place();
  TWINDOW_TRY(
      insert_.with(*place, account.id, sid, entry.at.time_since_epoch().count(), Blob{data}).run());
  if (sid) names_.add(account.id, *sid, *place);
  if (account.decisions) ++*account.decisions;
  return make_room(account, entry.at);
}

// The newest stays, whatever it is.
Result<void> DecisionTable::make_room(Account& account, Time now) {
  if (!account.decisions) {
    Query query = count_.with(account.id);
    TWINDOW_TRY(query.next());
    account.decisions = static_cast<std::size_t>(query.number(0));
  }
  std::size_t& kept = *account.decisions;
  for (int dropped = 0; dropped < kDroppedAtOnceMax && kept > 1; ++dropped) {
    const bool too_many = kept > retention_.decisions_max;
    if (!too_many && !retention_.age_max) return {};
    const Oldest oldest = TWINDOW_TRY(oldest_of(account));
    if (!too_many && oldest.made >= now - *retention_.age_max) return {};
    TWINDOW_TRY(erase_.with(oldest.place).run());
    if (!oldest.sid.empty()) {
      TWINDOW_TRY(names_.erase_sid(account.id, oldest.sid, oldest.place));
    }
    --kept;
  }
  return {};
}

Result<DecisionTable::Oldest> DecisionTable::oldest_of(const Account& account) {
  Query query = oldest_.with(account.id);
  TWINDOW_TRY(query.next());
  return Oldest{.place = query.number(0),
                .made = Time(Duration(query.number(1))),
                .sid = std::string(query.text(2))};
}

Result<void> DecisionTable::ended(const Account& account, const StatusUpdate& update) {
  std::optional<std::int64_t> code;
  if (update.error_code) code = *update.error_code;
  for (const std::int64_t place : TWINDOW_TRY(places_of(account, update.sid))) {
    TWINDOW_TRY(ended_.with(place, static_cast<std::int64_t>(update.status), code).run());
  }
  return {};
}

// Another row may have a SID of the same hash, and a message has the same SID.
Result<NameTable::Places> DecisionTable::places_of(const Account& account,
                                                   const MessageSid& message) {
  NameTable::Places places;
  for (const std::int64_t place : TWINDOW_TRY(names_.places(account.id, message.text))) {
    Query row = at_.with(place);
    const bool found = TWINDOW_TRY(row.next());
    if (found && row.text(2) == message.text && row.number(5) == account.id) {
      places.push_back(place);
    }
  }
  return places;
}

Result<std::vector<LedgerEntry>> DecisionTable::find(const Account& account,
                                                     const ports::LedgerQuery& query) {
  if (query.message) return of_message(account, query);
  std::vector<LedgerEntry> found;
  const std::int64_t before = query.before ? clipped(*query.before) : kBehindAll;
  Query rows = older_.with(account.id, before, clipped(query.limit));
  while (TWINDOW_TRY(rows.next())) found.push_back(TWINDOW_TRY(entry_of(rows)));
  return found;
}

Result<std::vector<LedgerEntry>> DecisionTable::of_message(const Account& account,
                                                           const ports::LedgerQuery& query) {
  std::vector<LedgerEntry> found;
  const std::int64_t before = query.before ? clipped(*query.before) : kBehindAll;
  const NameTable::Places places = TWINDOW_TRY(places_of(account, *query.message));
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    if (found.size() == query.limit) break;
    if (*place >= before) continue;
    Query row = at_.with(*place);
    if (TWINDOW_TRY(row.next())) found.push_back(TWINDOW_TRY(entry_of(row)));
  }
  return found;
}

Result<void> DecisionTable::clear(Account& account) {
  TWINDOW_TRY(clear_.with(account.id).run());
  account.decisions = 0;
  return {};
}

}  // namespace twindow::store::sqlite
