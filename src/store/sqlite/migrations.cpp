// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/migrations.h"

namespace twindow::store::sqlite {

namespace {

// "TWDW", in the header of the file: it says whose database it is.
constexpr std::int64_t kApplication = 0x54574457;

Result<std::int64_t> number(Connection& connection, std::string_view sql) {
  Statement statement(connection, sql);
  Query query = statement.with();
  const bool found = TWINDOW_TRY(query.next());
  return found ? query.number(0) : 0;
}

Result<void> step(Connection& connection, std::span<const Migration> all) {
  const std::string& file = connection.file().string();
  const std::int64_t application = TWINDOW_TRY(number(connection, "PRAGMA application_id"));
  const std::int64_t tables =
      TWINDOW_TRY(number(connection, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"));
  const std::int64_t version = TWINDOW_TRY(number(connection, "PRAGMA user_version"));
  if (application != kApplication && (application != 0 || tables != 0 || version != 0)) {
    return fail(Errc::Unavailable, file + " is a database of another program; choose another file");
  }
  const auto known = static_cast<std::int64_t>(all.size());
  if (version > known) {
    return fail(Errc::Unavailable,
                "the database " + file + " is of a newer twindow: its schema is " +
                    std::to_string(version) + ", and this program knows up to " +
                    std::to_string(known) + "; use that version, or choose another file");
  }
  if (version == known && application == kApplication) return {};
  for (const Migration& migration : all.subspan(static_cast<std::size_t>(version))) {
    TWINDOW_TRY(connection.run(migration.sql));
  }
  TWINDOW_TRY(connection.run("PRAGMA application_id = " + std::to_string(kApplication)));
  return connection.run("PRAGMA user_version = " + std::to_string(known));
}

}  // namespace

Result<void> migrate(Connection& connection, std::span<const Migration> all) {
  TWINDOW_TRY(connection.run("BEGIN IMMEDIATE"));
  Result<void> stepped = step(connection, all);
  if (stepped) stepped = connection.run("COMMIT");
  if (stepped) return {};
  // What went wrong is told; that rolling back went wrong too would not help anybody.
  [[maybe_unused]] const auto rolled_back = connection.run("ROLLBACK");
  return stepped;
}

}  // namespace twindow::store::sqlite
