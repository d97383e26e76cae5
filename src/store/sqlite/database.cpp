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
  std::unique_ptr<Database> database(new Database(std::move(connection), options));
  TWINDOW_TRY(database->load());
  return database;
}

Database::Database(std::unique_ptr<Connection> connection, const SqliteOptions& options)
    : connection_(std::move(connection)),
      accounts_(*connection_),
      names_(*connection_, options.names_waiting_max),
      messages_(*connection_, names_, options.retention),
      windows_(*connection_),
      webhooks_(*connection_),
      decisions_(*connection_, names_, options.retention),
      users_(*connection_),
      resources_(*connection_) {}

// After a migration all names wait. Where there is no room for them they go on waiting.
Result<void> Database::load() {
  TWINDOW_TRY(names_.load());
  if (!names_.are_due()) return {};
  TWINDOW_TRY(begin());
  if (!commit()) roll_back();
  return {};
}

Result<void> Database::commit() {
  TWINDOW_TRY(names_.settle());
  TWINDOW_TRY(connection_->run("COMMIT"));
  names_.committed();
  ++commits_;
  return {};
}

void Database::roll_back() {
  // Fails where SQLite has rolled back by itself.
  [[maybe_unused]] const Result<void> done = connection_->run("ROLLBACK");
  [[maybe_unused]] const auto known = connection_->take_failure();
  accounts_.forget();
  names_.rolled_back();
}

}  // namespace twindow::store::sqlite
