// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/name_table.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace twindow::store::sqlite {

namespace {

constexpr std::int64_t kBeforeAll = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kBehindAll = std::numeric_limits<std::int64_t>::max();

// So many share the pages of the table that they come to; more would be waited for.
constexpr std::size_t kAtOnceMax = 64;

// Rows without names may be many, and would be read again at each start: so many at most.
constexpr std::size_t kRowsPerWaiting = 4;

}  // namespace

NameTable::NameTable(Connection& connection, std::size_t waiting_max)
    : waiting_max_(waiting_max),
      at_once_(std::clamp<std::size_t>(waiting_max / 512, 1, kAtOnceMax)),
      mark_(connection, "SELECT place FROM name_mark"),
      set_mark_(connection, "UPDATE name_mark SET place = ?"),
      last_places_(connection,
                   "SELECT (SELECT max(place) FROM message), (SELECT max(place) FROM decision)"),
      messages_(connection, "SELECT place, account, sid, to_address FROM message WHERE place > ?"),
      decisions_(connection,
                 "SELECT place, account, sid FROM decision WHERE place > ? AND sid IS NOT NULL"),
      insert_(connection, "INSERT INTO name VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
      places_(connection,
              "SELECT place FROM name WHERE account = ? AND hash = ? AND place < ? ORDER BY place"),
      erase_(connection, "DELETE FROM name WHERE account = ? AND hash = ? AND place = ?"),
      has_sid_(connection,
               "SELECT 1 FROM message WHERE place = ?1 AND account = ?2 AND sid = ?3 UNION ALL "
               "SELECT 1 FROM decision WHERE place = ?1 AND account = ?2 AND sid = ?3"),
      clear_(connection, "DELETE FROM name WHERE account = ?") {}

// FNV-1a, 64 bits.
std::int64_t NameTable::hash(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3u;
  }
  return std::bit_cast<std::int64_t>(hash);
}

Result<void> NameTable::load() {
  TWINDOW_TRY(read_unsettled());
  round_.hand = {kBeforeAll, kBeforeAll, kBeforeAll};
  round_.begun_at = last_place_;
  committed();
  return {};
}

Result<void> NameTable::read_unsettled() {
  Query mark = mark_.with();
  TWINDOW_TRY(mark.next());
  round_.mark = mark.number(0);
  Query last = last_places_.with();
  TWINDOW_TRY(last.next());
  last_place_ = std::max({round_.mark, last.number(0), last.number(1)});
  Query messages = messages_.with(round_.mark);
  while (TWINDOW_TRY(messages.next())) {
    add(messages.number(1), messages.text(2), messages.number(0));
    add(messages.number(1), messages.text(3), messages.number(0));
  }
  Query decisions = decisions_.with(round_.mark);
  while (TWINDOW_TRY(decisions.next())) {
    add(decisions.number(1), decisions.text(2), decisions.number(0));
  }
  return {};
}

void NameTable::add(std::int64_t account, std::string_view name, std::int64_t place) {
  const Entry entry{account, hash(name), place};
  if (waiting_.insert(entry).second) undo_.added.push_back(entry);
}

Result<void> NameTable::erase(std::int64_t account, std::string_view name, std::int64_t place) {
  const Entry entry{account, hash(name), place};
  if (waiting_.erase(entry) != 0) undo_.taken.push_back(entry);
  return erase_.with(entry.account, entry.hash, entry.place).run();
}

Result<void> NameTable::erase_sid(std::int64_t account, std::string_view sid, std::int64_t place) {
  {
    Query rows = has_sid_.with(place, account, sid);
    if (TWINDOW_TRY(rows.next())) return {};
  }
  return erase(account, sid, place);
}

Result<void> NameTable::clear(std::int64_t account) {
  const auto first = waiting_.lower_bound({account, kBeforeAll, kBeforeAll});
  const auto last = waiting_.upper_bound({account, kBehindAll, kBehindAll});
  undo_.taken.insert(undo_.taken.end(), first, last);
  waiting_.erase(first, last);
  return clear_.with(account).run();
}

NameTable::Places NameTable::waiting(std::int64_t account, std::string_view name) const {
  const std::int64_t of_name = hash(name);
  Places found;
  for (auto next = waiting_.lower_bound({account, of_name, kBeforeAll});
       next != waiting_.end() && next->account == account && next->hash == of_name; ++next) {
    found.push_back(next->place);
  }
  return found;
}

Result<NameTable::Places> NameTable::places(std::int64_t account, std::string_view name) {
  const Places newest = waiting(account, name);
  Places found;
  Query settled = places_.with(account, hash(name), newest.empty() ? kBehindAll : newest.front());
  while (TWINDOW_TRY(settled.next())) found.push_back(settled.number(0));
  found.insert(found.end(), newest.begin(), newest.end());
  return found;
}

// How many names are to be settled now.
std::size_t NameTable::due() const {
  if (waiting_.size() >= waiting_max_ + at_once_) return waiting_.size() - waiting_max_;
  const auto rows = static_cast<std::size_t>(last_place_ - round_.mark);
  return rows > kRowsPerWaiting * waiting_max_ ? at_once_ : 0;
}

Result<void> NameTable::settle() {
  const std::size_t names = due();
  if (names == 0) return {};
  const auto first = waiting_.lower_bound(round_.hand);
  auto next = first;
  for (std::size_t settled = 0; settled < names && next != waiting_.end(); ++settled, ++next) {
    TWINDOW_TRY(insert_.with(next->account, next->hash, next->place).run());
  }
  undo_.taken.insert(undo_.taken.end(), first, next);
  const auto behind = waiting_.erase(first, next);
  if (behind == waiting_.end()) return turn();
  round_.hand = *behind;
  return {};
}

// All that waited when the round began is in the table now.
Result<void> NameTable::turn() {
  round_ = {.hand = {kBeforeAll, kBeforeAll, kBeforeAll},
            .begun_at = last_place_,
            .mark = round_.begun_at};
  return set_mark_.with(round_.mark).run();
}

void NameTable::committed() {
  undo_.added.clear();
  undo_.taken.clear();
  undo_.round = round_;
}

// A name that was added and taken again is in both, and has not been there.
void NameTable::rolled_back() {
  waiting_.insert(undo_.taken.begin(), undo_.taken.end());
  for (const Entry& added : undo_.added) waiting_.erase(added);
  round_ = undo_.round;
  committed();
}

}  // namespace twindow::store::sqlite
