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
// statements are literals.)
#define TWINDOW_NARROWED                                                       \
  "(?3 IS NULL OR to_address = ?3) AND (?4 IS NULL OR from_address = ?4) AND " \
  "(?5 IS NULL OR status = ?5) AND (?6 IS NULL OR direction = ?6) AND "        \
  "(?7 IS NULL OR error_code = ?7) AND (?8 = 0 OR finished = 0) AND "          \
  "(?9 IS NULL OR created >= ?9) AND (?10 IS NULL OR created < ?10) AND "      \
  "(?11 IS NULL OR sent >= ?11) AND (?12 IS NULL OR sent < ?12) "

#define TWINDOW_OLDER(index, equal)                                              \
  "SELECT sid, data FROM message INDEXED BY " index " WHERE account = ?1 " equal \
  "AND place < ?2 AND place > ?13 AND " TWINDOW_NARROWED "ORDER BY place DESC"
#define TWINDOW_NEWER(index, equal)                                              \
  "SELECT sid, data FROM message INDEXED BY " index " WHERE account = ?1 " equal \
  "AND place > ?2 AND place < ?13 AND " TWINDOW_NARROWED "ORDER BY place"

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

MessageTable::MessageTable(Connection& connection, const Retention& retention)
    : retention_(retention),
      insert_(connection,
              "INSERT INTO message (account, sid, direction, status, finished, from_address, "
              "to_address, error_code, created, sent, data, upstream) VALUES (?, ?, ?, ?, ?, ?, ?, "
              "?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
      find_(connection, "SELECT place, data FROM message WHERE account = ? AND sid = ?"),
      update_(connection,
              "UPDATE message SET status = ?2, finished = ?3, from_address = ?4, error_code = ?5, "
              "sent = ?6, data = ?7, upstream = ?8 WHERE place = ?1"),
      place_(connection, "SELECT place FROM message WHERE account = ? AND sid = ?"),
      by_all_{{connection, TWINDOW_OLDER("message_by_account", "")},
              {connection, TWINDOW_NEWER("message_by_account", "")}},
      by_to_{{connection, TWINDOW_OLDER("message_by_to", "AND to_address = ?3 ")},
             {connection, TWINDOW_NEWER("message_by_to", "AND to_address = ?3 ")}},
      by_from_{{connection, TWINDOW_OLDER("message_by_from", "AND from_address = ?4 ")},
               {connection, TWINDOW_NEWER("message_by_from", "AND from_address = ?4 ")}},
      places_of_days_(connection, kPlacesOfDays),
      count_(connection,
             "SELECT count(*) FROM message INDEXED BY message_by_account WHERE account = ?"),
      oldest_finished_(connection,
                       "SELECT place, created FROM message INDEXED BY message_finished "
                       "WHERE account = ? AND finished = 1 AND place <> ? ORDER BY place LIMIT 1"),
      oldest_(connection,
              "SELECT place FROM message INDEXED BY message_by_account "
              "WHERE account = ? ORDER BY place LIMIT 1"),
      aliases_(connection,
               "SELECT upstream, sid FROM message INDEXED BY message_by_upstream "
               "WHERE account = ? AND upstream IS NOT NULL"),
      erase_(connection, "DELETE FROM message WHERE place = ?"),
      clear_(connection, "DELETE FROM message WHERE account = ?") {}

#undef TWINDOW_OLDER
#undef TWINDOW_NEWER
#undef TWINDOW_NARROWED

Result<bool> MessageTable::insert(Account& account, const Message& message) {
  const std::string data = pack(message);
  std::int64_t place = 0;
  {
    Query query =
        insert_.with(account.id, message.sid.text, to_text(message.direction),
                     to_text(message.status), static_cast<std::int64_t>(is_final(message.status)),
                     from_address(message), message.to.text, message.error_code,
                     *millis(message.created), millis(message.sent), Blob{data}, upstream(message));
    TWINDOW_TRY(query.run());
    if (query.changed() == 0) return false;
    place = query.inserted();
  }
  if (account.messages) ++*account.messages;
  TWINDOW_TRY(make_room(account, place, message.created));
  return true;
}

Result<MessageTable::Row> MessageTable::find(const Account& account, const MessageSid& sid) {
  Query query = find_.with(account.id, sid.text);
  const bool found = TWINDOW_TRY(query.next());
  if (!found) return no_message(sid);
  Message message = TWINDOW_TRY(unpack_message(query.text(1), account.sid, sid));
  return Row{.place = query.number(0), .message = std::move(message)};
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
  TWINDOW_TRY(erase_.with(row.place).run());
  if (account.messages) --*account.messages;
  return {};
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

Query MessageTable::scan(Way way, const Account& account, std::int64_t from, std::int64_t to,
                         const MessageFilter& filter) {
  // A user's messages are fewer than a sender's.
  Scans& scans = filter.to ? by_to_ : filter.from ? by_from_ : by_all_;
  Statement& statement = way == Way::Older ? scans.older : scans.newer;
  std::optional<std::string_view> status;
  if (filter.status) status = to_text(*filter.status);
  std::optional<std::string_view> direction;
  if (filter.direction) direction = to_text(*filter.direction);
  return statement.with(account.id, from, filter.to, filter.from, status, direction,
                        filter.error_code, static_cast<std::int64_t>(filter.unfinished_only),
                        millis(filter.created_from), millis(filter.created_before),
                        millis(filter.sent_from), millis(filter.sent_before), to);
}

Result<std::optional<Message>> MessageTable::next_match(Query& rows, const Account& account,
                                                        const MessageFilter& filter) {
  while (TWINDOW_TRY(rows.next())) {
    MessageSid sid{std::string(rows.text(0))};
    Message message = TWINDOW_TRY(unpack_message(rows.text(1), account.sid, std::move(sid)));
    if (filter.matches(message)) return std::optional(std::move(message));
  }
  return std::optional<Message>();
}

Result<std::int64_t> MessageTable::place_of(const Account& account, const MessageSid& token) {
  Query query = place_.with(account.id, token.text);
  const bool found = TWINDOW_TRY(query.next());
  if (!found) return fail(Errc::InvalidPageToken, token.text);
  return query.number(0);
}

Result<MessagePage> MessageTable::list(const Account& account, const MessageFilter& filter,
                                       const PageRequest& page) {
  MessagePage found;
  const auto& token = page.newer_than ? page.newer_than : page.older_than;
  Places places = TWINDOW_TRY(places_of(account, filter));
  if (token) {
    const std::int64_t place = TWINDOW_TRY(place_of(account, *token));
    if (page.newer_than) places.after = std::max(places.after, place);
    if (page.older_than) places.before = std::min(places.before, place);
  }
  bool more = false;
  Query rows = page.newer_than ? scan(Way::Newer, account, places.after, places.before, filter)
                               : scan(Way::Older, account, places.before, places.after, filter);
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
  Query rows = scan(Way::Older, account, places.before, places.after, filter);
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
    const auto place = TWINDOW_TRY(oldest_to_spare(account, newest, now));
    if (!place) return {};
    TWINDOW_TRY(erase_.with(*place).run());
    --*account.messages;
  }
  return {};
}

Result<std::optional<std::int64_t>> MessageTable::oldest_to_spare(const Account& account,
                                                                  std::int64_t newest, Time now) {
  const bool too_many = *account.messages > retention_.messages_max;
  if (!too_many && !retention_.age_max) return std::optional<std::int64_t>();
  Query finished = oldest_finished_.with(account.id, newest);
  const bool found = TWINDOW_TRY(finished.next());
  if (found && (too_many ||
                (retention_.age_max && finished.number(1) < *millis(now - *retention_.age_max)))) {
    return std::optional(finished.number(0));
  }
  if (!too_many) return std::optional<std::int64_t>();
  Query oldest = oldest_.with(account.id);
  TWINDOW_TRY(oldest.next());
  return std::optional(oldest.number(0));
}

}  // namespace twindow::store::sqlite
