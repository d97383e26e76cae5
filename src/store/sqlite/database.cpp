// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/database.h"

#include "src/store/sqlite/migrations.h"

namespace twindow::store::sqlite {

namespace {

Result<std::int64_t> pragma(Connection& connection, std::string_view sql) {
  Statement statement(connection, sql);
  Query query = statement.with();
  const bool found = TWINDOW_TRY(query.next());
  return found ? query.number(0) : 0;
}

// A log that is copied into the database seldom: each time costs two fsyncs more.
constexpr std::string_view kSettings =
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 4000;"      // pages of 4 KiB
    "PRAGMA journal_size_limit = 67108864;"  // bytes
    "PRAGMA cache_size = -32768;"            // KiB
    "PRAGMA temp_store = MEMORY;";

Result<void> set_up(Connection& connection, const SqliteOptions& options) {
  // The file is locked for as long as it is open: what is remembered of it (counters, numbers of
  // messages) stays true, and the index of the log needs no shared memory.
  TWINDOW_TRY(connection.run("PRAGMA locking_mode = EXCLUSIVE"));
  TWINDOW_TRY(migrate(connection, migrations()));
  TWINDOW_TRY(connection.run("PRAGMA journal_mode = WAL"));
  TWINDOW_TRY(connection.run(kSettings));
  if (options.bytes_max) {
    const std::int64_t page = TWINDOW_TRY(pragma(connection, "PRAGMA page_size"));
    const std::uint64_t pages = *options.bytes_max / static_cast<std::uint64_t>(page);
    TWINDOW_TRY(connection.run("PRAGMA max_page_count = " + std::to_string(pages)));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const SqliteOptions& options) {
  auto connection = TWINDOW_TRY(Connection::open(options.file));
  TWINDOW_TRY(set_up(*connection, options));
  return std::unique_ptr<Database>(new Database(std::move(connection), options.retention));
}

Database::Database(std::unique_ptr<Connection> connection, const Retention& retention)
    : connection_(std::move(connection)),
      accounts_(*connection_),
      messages_(*connection_, retention),
      windows_(*connection_),
      webhooks_(*connection_),
      decisions_(*connection_, retention),
      users_(*connection_),
      resources_(*connection_) {}

Result<void> Database::commit() {
  TWINDOW_TRY(connection_->run("COMMIT"));
  ++commits_;
  return {};
}

void Database::roll_back() {
  // Fails where SQLite has rolled back by itself.
  [[maybe_unused]] const Result<void> done = connection_->run("ROLLBACK");
  [[maybe_unused]] const auto known = connection_->take_failure();
  accounts_.forget();
}

}  // namespace twindow::store::sqlite
