// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/message_table.h"

#include <algorithm>
#include <limits>

#include "src/store/message_rules.h"
#include "src/store/sqlite/packing.h"

namespace twindow::store::sqlite {

namespace {

constexpr std::int64_t kBeforeAll = 0;
constexpr std::int64_t kBehindAll = std::numeric_limits<std::int64_t>::max();

// Of a database whose bound was lowered so many go with each message that comes in: it becomes
// smaller, and nobody waits long for it.
constexpr int kDroppedAtOnceMax = 16;

// Narrows a scan to what may match; MessageFilter::matches has the last word. (A macro, since
// statements are literals.) ?3 is the hash of To, for the scans that go by it.
#define TWINDOW_NARROWED                                                                        \
  "(?4 IS NULL OR from_address = ?4) AND (?5 IS NULL OR status = ?5) AND "                      \
  "(?6 IS NULL OR direction = ?6) AND (?7 IS NULL OR error_code = ?7) AND "                     \
  "(?8 = 0 OR finished = 0) AND (?9 IS NULL OR created >= ?9) AND "                             \
  "(?10 IS NULL OR created < ?10) AND (?11 IS NULL OR sent >= ?11) AND (?12 IS NULL OR sent < " \
  "?12) "

#define TWINDOW_ROWS(index, equal)                                               \
  "SELECT sid, data FROM message INDEXED BY " index " WHERE account = ?1 " equal \
  "AND place > ?2 AND place < ?13 AND " TWINDOW_NARROWED "ORDER BY place"
#define TWINDOW_ROWS_TO                                                                     \
  "SELECT m.sid, m.data FROM name AS n CROSS JOIN message AS m ON m.place = n.place WHERE " \
  "n.account = ?1 AND n.hash = ?3 AND n.place > ?2 AND n.place < ?13 AND " TWINDOW_NARROWED \
  "ORDER BY n.place"

// From the last day on or before ?3 back to ?2, a step for each that has messages: the first and
// the last of their places.
constexpr auto kPlacesOfDays = R"(
  WITH RECURSIVE days (day) AS (
    SELECT max(sent / 86400000) FROM message INDEXED BY message_by_day
    WHERE account = ?1 AND sent IS NOT NULL AND sent / 86400000 <= ?3
    UNION ALL
    SELECT (SELECT max(sent / 86400000) FROM message INDEXED BY message_by_day
            WHERE account = ?1 AND sent IS NOT NULL AND sent / 86400000 < days.day)
    FROM days WHERE days.day > ?2)
  SELECT min((SELECT place FROM message INDEXED BY message_by_day
              WHERE account = ?1 AND sent IS NOT NULL AND sent / 86400000 = days.day
              ORDER BY place LIMIT 1)),
         max((SELECT place FROM message INDEXED BY message_by_day
              WHERE account = ?1 AND sent IS NOT NULL AND sent / 86400000 = days.day
              ORDER BY place DESC LIMIT 1))
  FROM days WHERE days.day >= ?2)";

std::optional<std::int64_t> millis(std::optional<Time> time) {
  if (!time) return std::nullopt;
  return time->time_since_epoch().count();
}

// Statements keep what they are given as views: of the message, which lives longer.
std::optional<std::string_view> upstream(const Message& message) {
  if (!alias_of(message)) return std::nullopt;
  return message.upstream_sid->text;
}

std::string_view from_address(const Message& message) {
  return message.from ? std::string_view(message.from->text) : std::string_view();
}

}  // namespace

MessageTable::MessageTable(Connection& connection, NameTable& names, const Retention& retention)
    : names_(names),
      retention_(retention),
      insert_(connection,
              "INSERT INTO message (place, account, sid, direction, status, finished, "
              "from_address, to_address, error_code, created, sent, data, upstream) "
              "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      at_(connection, "SELECT sid, data, account FROM message WHERE place = ?"),
      update_(connection,
              "UPDATE message SET status = ?2, finished = ?3, from_address = ?4, error_code = ?5, "
              "sent = ?6, data = ?7, upstream = ?8 WHERE place = ?1"),
      by_all_{{connection, TWINDOW_ROWS("message_by_account", "") " DESC"},
              {connection, TWINDOW_ROWS("message_by_account", "")}},
      by_to_{{connection, TWINDOW_ROWS_TO " DESC"}, {connection, TWINDOW_ROWS_TO}},
      by_from_{{connection, TWINDOW_ROWS("message_by_from", "AND from_address = ?4 ") " DESC"},
               {connection, TWINDOW_ROWS("message_by_from", "AND from_address = ?4 ")}},
      places_of_days_(connection, kPlacesOfDays),
      count_(connection,
             "SELECT count(*) FROM message INDEXED BY message_by_account WHERE account = ?"),
      oldest_finished_(
          connection,
          "SELECT place, sid, to_address, created FROM message INDEXED BY message_finished "
          "WHERE account = ? AND finished = 1 AND place <> ? ORDER BY place LIMIT 1"),
      oldest_(connection,
              "SELECT place, sid, to_address FROM message INDEXED BY message_by_account "
              "WHERE account = ? ORDER BY place LIMIT 1"),
      aliases_(connection,
               "SELECT upstream, sid FROM message INDEXED BY message_by_upstream "
               "WHERE account = ? AND upstream IS NOT NULL"),
      erase_(connection, "DELETE FROM message WHERE place = ?"),
      clear_(connection, "DELETE FROM message WHERE account = ?") {}

#undef TWINDOW_ROWS
#undef TWINDOW_ROWS_TO
#undef TWINDOW_NARROWED

Result<std::optional<std::int64_t>> MessageTable::insert(Account& account, const Message& message) {
  const bool known = TWINDOW_TRY(place_of(account, message.sid)).has_value();
  if (known) return std::optional<std::int64_t>();
  const std::string data = pack(message);
  const std::int64_t place = names_.new_place();
  TWINDOW_TRY(insert_
                  .with(place, account.id, message.sid.text, to_text(message.direction),
                        to_text(message.status),
                        static_cast<std::int64_t>(is_final(message.status)), from_address(message),
                        message.to.text, message.error_code, *millis(message.created),
                        millis(message.sent), Blob{data}, upstream(message))
                  .run());
  names_.add(account.id, message.sid.text, place);
  names_.add(account.id, message.to.text, place);
  if (account.messages) ++*account.messages;
  TWINDOW_TRY(make_room(account, place, message.created));
  return std::optional(place);
}

// Another row may have a SID of the same hash, and a decision may have the same SID.
Result<std::optional<std::int64_t>> MessageTable::place_of(const Account& account,
                                                           const MessageSid& sid) {
  for (const std::int64_t place : TWINDOW_TRY(names_.places(account.id, sid.text))) {
    Query row = at_.with(place);
    const bool found = TWINDOW_TRY(row.next());
    if (found && row.text(0) == sid.text && row.number(2) == account.id) {
      return std::optional(place);
    }
  }
  return std::optional<std::int64_t>();
}

Result<MessageTable::Row> MessageTable::find(const Account& account, const MessageSid& sid) {
  const auto place = TWINDOW_TRY(place_of(account, sid));
  if (!place) return no_message(sid);
  Query query = at_.with(*place);
  TWINDOW_TRY(query.next());
  Message message = TWINDOW_TRY(unpack_message(query.text(1), account.sid, sid));
  return Row{.place = *place, .message = std::move(message)};
}

Result<void> MessageTable::update(const Row& row) {
  const Message& message = row.message;
  const std::string data = pack(message);
  return update_
      .with(row.place, to_text(message.status), static_cast<std::int64_t>(is_final(message.status)),
            from_address(message), message.error_code, millis(message.sent), Blob{data},
            upstream(message))
      .run();
}

Result<void> MessageTable::remove(Account& account, const MessageSid& sid) {
  const Row row = TWINDOW_TRY(find(account, sid));
  return drop(account, {row.place, sid.text, row.message.to.text});
}

Result<std::vector<ports::MessageStore::Alias>> MessageTable::aliases(const Account& account) {
  std::vector<ports::MessageStore::Alias> all;
  Query rows = aliases_.with(account.id);
  while (TWINDOW_TRY(rows.next())) {
    all.push_back({MessageSid{std::string(rows.text(0))}, MessageSid{std::string(rows.text(1))}});
  }
  return all;
}

// Without an address what was sent at that time may lie anywhere among a million others.
Result<MessageTable::Places> MessageTable::places_of(const Account& account,
                                                     const MessageFilter& filter) {
  Places places{kBeforeAll, kBehindAll};
  const bool by_time = filter.sent_from || filter.sent_before;
  if (!by_time || filter.to || filter.from) return places;
  const auto day_of = [](Time time) {
    return std::int64_t{std::chrono::floor<std::chrono::days>(time).time_since_epoch().count()};
  };
  constexpr std::int64_t kLastDay = 100'000'000;
  const std::int64_t first = filter.sent_from ? day_of(*filter.sent_from) : 0;
  const std::int64_t last =
      filter.sent_before ? day_of(*filter.sent_before - Duration(1)) : kLastDay;
  Query query = places_of_days_.with(account.id, first, last);
  TWINDOW_TRY(query.next());
  if (query.number(1) == 0) return Places{kBeforeAll, kBeforeAll};  // nothing: no place is 0
  places.after = query.number(0) - 1;
  places.before = query.number(1) + 1;
  return places;
}

MessageTable::Scan MessageTable::scan(Way way, const Account& account, const Places& places,
                                      const MessageFilter& filter) {
  Places of_rows = places;
  NameTable::Places newest;
  if (filter.to) {
    newest = names_.waiting(account.id, *filter.to);
    if (!newest.empty()) of_rows.before = std::min(of_rows.before, newest.front());
    std::erase_if(newest, [&](auto at) { return at <= places.after || at >= places.before; });
    if (way == Way::Newer) std::ranges::reverse(newest);
  }
  std::optional<std::int64_t> to;
  if (filter.to) to = NameTable::hash(*filter.to);
  // A user's messages are fewer than a sender's.
  Scans& scans = filter.to ? by_to_ : filter.from ? by_from_ : by_all_;
  Statement& statement = way == Way::Older ? scans.older : scans.newer;
  std::optional<std::string_view> status;
  if (filter.status) status = to_text(*filter.status);
  std::optional<std::string_view> direction;
  if (filter.direction) direction = to_text(*filter.direction);
  return {
      .way = way,
      .newest = std::move(newest),
      .rows = statement.with(account.id, of_rows.after, to, filter.from, status, direction,
                             filter.error_code, static_cast<std::int64_t>(filter.unfinished_only),
                             millis(filter.created_from), millis(filter.created_before),
                             millis(filter.sent_from), millis(filter.sent_before), of_rows.before)};
}

Result<std::optional<Message>> MessageTable::next_match(Scan& scan, const Account& account,
                                                        const MessageFilter& filter) {
  if (scan.way == Way::Older) {
    auto newer = TWINDOW_TRY(next_of_newest(scan, account, filter));
    if (newer) return newer;
  }
  auto found = TWINDOW_TRY(next_of_rows(scan, account, filter));
  if (found || scan.way == Way::Older) return found;
  return next_of_newest(scan, account, filter);
}

Result<std::optional<Message>> MessageTable::next_of_newest(Scan& scan, const Account& account,
                                                            const MessageFilter& filter) {
  while (!scan.newest.empty()) {
    Query row = at_.with(scan.newest.back());
    scan.newest.pop_back();
    const bool found = TWINDOW_TRY(row.next());
    if (!found) continue;
    MessageSid sid{std::string(row.text(0))};
    Message message = TWINDOW_TRY(unpack_message(row.text(1), account.sid, std::move(sid)));
    if (filter.matches(message)) return std::optional(std::move(message));
  }
  return std::optional<Message>();
}

// A query that has come to its end would begin again.
Result<std::optional<Message>> MessageTable::next_of_rows(Scan& scan, const Account& account,
                                                          const MessageFilter& filter) {
  while (!scan.rows_done) {
    scan.rows_done = !TWINDOW_TRY(scan.rows.next());
    if (scan.rows_done) break;
    MessageSid sid{std::string(scan.rows.text(0))};
    Message message = TWINDOW_TRY(unpack_message(scan.rows.text(1), account.sid, std::move(sid)));
    if (filter.matches(message)) return std::optional(std::move(message));
  }
  return std::optional<Message>();
}

Result<MessagePage> MessageTable::list(const Account& account, const MessageFilter& filter,
                                       const PageRequest& page) {
  MessagePage found;
  const auto& token = page.newer_than ? page.newer_than : page.older_than;
  Places places = TWINDOW_TRY(places_of(account, filter));
  if (token) {
    const auto place = TWINDOW_TRY(place_of(account, *token));
    if (!place) return fail(Errc::InvalidPageToken, token->text);
    if (page.newer_than) places.after = std::max(places.after, *place);
    if (page.older_than) places.before = std::min(places.before, *place);
  }
  bool more = false;
  Scan rows = scan(page.newer_than ? Way::Newer : Way::Older, account, places, filter);
  while (auto message = TWINDOW_TRY(next_match(rows, account, filter))) {
    more = found.messages.size() == page.limit;
    if (more) break;
    found.messages.push_back(*std::move(message));
  }
  if (page.newer_than) std::reverse(found.messages.begin(), found.messages.end());
  found.more_newer = page.newer_than ? more : token.has_value();
  found.more_older = page.newer_than || more;
  return found;
}

Result<std::size_t> MessageTable::count(Account& account, const MessageFilter& filter) {
  if (filter == MessageFilter()) return count_all(account);
  std::size_t matching = 0;
  const Places places = TWINDOW_TRY(places_of(account, filter));
  Scan rows = scan(Way::Older, account, places, filter);
  while (TWINDOW_TRY(next_match(rows, account, filter))) ++matching;
  return matching;
}

Result<std::size_t> MessageTable::count_all(Account& account) {
  if (account.messages) return *account.messages;
  Query query = count_.with(account.id);
  TWINDOW_TRY(query.next());
  account.messages = static_cast<std::size_t>(query.number(0));
  return *account.messages;
}

Result<void> MessageTable::clear(Account& account) {
  TWINDOW_TRY(clear_.with(account.id).run());
  account.messages = 0;
  return {};
}

// The newest message stays, whatever it is.
Result<void> MessageTable::make_room(Account& account, std::int64_t newest, Time now) {
  for (int dropped = 0; dropped < kDroppedAtOnceMax; ++dropped) {
    TWINDOW_TRY(count_all(account));
    const auto row = TWINDOW_TRY(oldest_to_spare(account, newest, now));
    if (!row) return {};
    TWINDOW_TRY(drop(account, *row));
  }
  return {};
}

Result<void> MessageTable::drop(Account& account, const Named& row) {
  TWINDOW_TRY(erase_.with(row.place).run());
  TWINDOW_TRY(names_.erase_sid(account.id, row.sid, row.place));
  TWINDOW_TRY(names_.erase(account.id, row.to, row.place));
  if (account.messages) --*account.messages;
  return {};
}

Result<std::optional<MessageTable::Named>> MessageTable::oldest_to_spare(const Account& account,
                                                                         std::int64_t newest,
                                                                         Time now) {
  const auto named = [](const Query& row) {
    return std::optional(Named{row.number(0), std::string(row.text(1)), std::string(row.text(2))});
  };
  const bool too_many = *account.messages > retention_.messages_max;
  if (!too_many && !retention_.age_max) return std::optional<Named>();
  Query finished = oldest_finished_.with(account.id, newest);
  const bool found = TWINDOW_TRY(finished.next());
  if (found && (too_many ||
                (retention_.age_max && finished.number(3) < *millis(now - *retention_.age_max)))) {
    return named(finished);
  }
  if (!too_many) return std::optional<Named>();
  Query oldest = oldest_.with(account.id);
  TWINDOW_TRY(oldest.next());
  return named(oldest);
}

}  // namespace twindow::store::sqlite
