// SPDX-License-Identifier: Apache-2.0
// The messages of a database, and how many of them stay.
#pragma once

#include <vector>

#include "twindow/model/message_filter.h"
#include "twindow/ports/message_store.h"
#include "twindow/store/open_store.h"

#include "src/store/sqlite/account_table.h"
#include "src/store/sqlite/connection.h"
#include "src/store/sqlite/name_table.h"

namespace twindow::store::sqlite {

class MessageTable {
 public:
  MessageTable(Connection& connection, NameTable& names, const Retention& retention);

  // Its place; nothing if its SID is there. Makes room for it.
  Result<std::optional<std::int64_t>> insert(Account& account, const Message& message);

  struct Row {
    std::int64_t place;
    Message message;
  };
  Result<Row> find(const Account& account, const MessageSid& sid);  // Errc::NotFound
  Result<void> update(const Row& row);
  Result<void> remove(Account& account, const MessageSid& sid);  // Errc::NotFound
  Result<std::vector<ports::MessageStore::Alias>> aliases(const Account& account);

  Result<MessagePage> list(const Account& account, const MessageFilter& filter,
                           const PageRequest& page);
  Result<std::size_t> count(Account& account, const MessageFilter& filter);
  Result<void> clear(Account& account);

 private:
  enum class Way : std::uint8_t { Older, Newer };
  // Between these two is all that may match; neither is one of them.
  struct Places {
    std::int64_t after;
    std::int64_t before;
  };
  Result<Places> places_of(const Account& account, const MessageFilter& filter);
  // Rows that may match: some by their places, and those that a query finds, which are older.
  struct Scan {
    Way way;
    NameTable::Places newest;  // the next one last
    Query rows;
    bool rows_done = false;
  };
  Scan scan(Way way, const Account& account, const Places& places, const MessageFilter& filter);
  Result<std::optional<Message>> next_match(Scan& scan, const Account& account,
                                            const MessageFilter& filter);
  Result<std::optional<Message>> next_of_newest(Scan& scan, const Account& account,
                                                const MessageFilter& filter);
  static Result<std::optional<Message>> next_of_rows(Scan& scan, const Account& account,
                                                     const MessageFilter& filter);
  Result<std::optional<std::int64_t>> place_of(const Account& account, const MessageSid& sid);
  Result<std::size_t> count_all(Account& account);
  Result<void> make_room(Account& account, std::int64_t newest, Time now);
  struct Named {
    std::int64_t place;
    std::string sid;
    std::string to;
  };
  Result<std::optional<Named>> oldest_to_spare(const Account& account, std::int64_t newest,
                                               Time now);
  Result<void> drop(Account& account, const Named& row);

  NameTable& names_;
  Retention retention_;
  Statement insert_;
  Statement at_;
  Statement update_;
  struct Scans {
    Statement older;
    Statement newer;
  };
  Scans by_all_;
  Scans by_to_;
  Scans by_from_;
  Statement places_of_days_;
  Statement count_;
  Statement oldest_finished_;
  Statement oldest_;
  Statement aliases_;
  Statement erase_;
  Statement clear_;
};

}  // namespace twindow::store::sqlite
