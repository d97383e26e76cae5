// SPDX-License-Identifier: Apache-2.0
// The messages of a database, and how many of them stay.
#pragma once

#include <vector>

#include "twindow/model/message_filter.h"
#include "twindow/ports/message_store.h"
#include "twindow/store/open_store.h"

#include "src/store/sqlite/account_table.h"
#include "src/store/sqlite/connection.h"

namespace twindow::store::sqlite {

class MessageTable {
 public:
  MessageTable(Connection& connection, const Retention& retention);

  // False if its SID is there. Makes room for it.
  Result<bool> insert(Account& account, const Message& message);

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
  Query scan(Way way, const Account& account, std::int64_t from, std::int64_t to,
             const MessageFilter& filter);
  static Result<std::optional<Message>> next_match(Query& rows, const Account& account,
                                                   const MessageFilter& filter);
  Result<std::int64_t> place_of(const Account& account, const MessageSid& token);
  Result<std::size_t> count_all(Account& account);
  Result<void> make_room(Account& account, std::int64_t newest, Time now);
  Result<std::optional<std::int64_t>> oldest_to_spare(const Account& account, std::int64_t newest,
                                                      Time now);

  Retention retention_;
  Statement insert_;
  Statement find_;
  Statement update_;
  Statement place_;
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
