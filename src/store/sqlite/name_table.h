// SPDX-License-Identifier: Apache-2.0
// Under which names the rows of a database are found: SIDs of messages, addresses that they went
// to.
//
// An index of keys that come in no order costs a page of the log for each of them. So new names
// wait in memory, and go to their table some at a time, neighbours together, with the commits of
// others. Nothing is lost with the memory: rows whose names may be missing in the table lie behind
// a mark, and are read again when the database is opened. Names are kept as hashes: whoever asks
// compares what lies at the places that he is told.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <absl/container/btree_set.h>

#include "src/store/sqlite/connection.h"

namespace twindow::store::sqlite {

class NameTable {
 public:
  using Places = std::vector<std::int64_t>;  // ascending

  // About so many names wait.
  NameTable(Connection& connection, std::size_t waiting_max);

  // Once, before all else.
  Result<void> load();

  // For a row that is inserted now, or several of one name: behind all that there ever were.
  std::int64_t new_place() { return ++last_place_; }

  // As the column `hash` has it; the database remembers it, so it is the same for ever.
  static std::int64_t hash(std::string_view name);

  void add(std::int64_t account, std::string_view name, std::int64_t place);
  // Of a row that is gone, or is about to be with nothing else at its place.
  Result<void> erase(std::int64_t account, std::string_view name, std::int64_t place);
  // The same for a SID, unless a message or a decision at this place has it still.
  Result<void> erase_sid(std::int64_t account, std::string_view sid, std::int64_t place);
  Result<void> clear(std::int64_t account);

  Result<Places> places(std::int64_t account, std::string_view name);
  // Those of them that are in memory. All that are not are in the table, and less than the first of
  // these.
  Places waiting(std::int64_t account, std::string_view name) const;

  // In each transaction, right before its commit.
  Result<void> settle();
  bool are_due() const { return due() != 0; }  // there is something to settle
  void committed();
  void rolled_back();

 private:
  struct Entry {
    std::int64_t account;
    std::int64_t hash;
    std::int64_t place;
    std::strong_ordering operator<=>(const Entry&) const = default;
  };

  Result<void> read_unsettled();
  std::size_t due() const;
  Result<void> turn();

  const std::size_t waiting_max_;
  const std::size_t at_once_;
  absl::btree_set<Entry> waiting_;
  std::int64_t last_place_ = 0;

  // Names are settled in their order, round and round.
  struct Round {
    Entry hand;             // the next one to settle is not before it
    std::int64_t begun_at;  // the last place when this round began
    std::int64_t mark;      // in the database: the last place when the one before began
  };
  Round round_{};

  struct Undo {
    std::vector<Entry> added;
    std::vector<Entry> taken;
    Round round{};
  };
  Undo undo_;  // of the transaction

  Statement mark_;
  Statement set_mark_;
  Statement last_places_;
  Statement messages_;
  Statement decisions_;
  Statement insert_;
  Statement places_;
  Statement erase_;
  Statement has_sid_;
  Statement clear_;
};

}  // namespace twindow::store::sqlite
