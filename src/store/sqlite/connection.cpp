// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/connection.h"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include "src/store/sqlite/gathering_vfs.h"

namespace twindow::store::sqlite {

namespace {

// SQLite makes its files as readable as the umask allows, and its log as the database is.
Result<void> make_private_file(const std::filesystem::path& file) {
  // A file that is there is not opened: closing it again would give away SQLite's locks on it.
  const int made = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (made >= 0) {
    ::close(made);
    return {};
  }
  const int why = errno;
  if (why == EEXIST) return {};
  if (why == ENOENT) {
    return fail(Errc::Unavailable, "the folder of the database " + file.string() +
                                       " does not exist; make it, or choose another file");
  }
  return fail(Errc::Unavailable, "the database " + file.string() +
                                     " cannot be made: " + std::generic_category().message(why));
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(std::filesystem::path file) {
  TWINDOW_TRY(make_private_file(file));
  std::unique_ptr<Connection> connection(new Connection(std::move(file)));
  // NOMUTEX: a connection belongs to one thread. No URI names: a path is a path.
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(connection->file_.c_str(), &connection->handle_, kFlags,
                                   GatheringVfs::above_system());
  if (code != SQLITE_OK) return connection->fail_with(code);
  sqlite3_extended_result_codes(connection->handle_, 1);
  return connection;
}

Connection::~Connection() { sqlite3_close_v2(handle_); }

Result<void> Connection::run(std::string_view sql) {
  const std::string text(sql);
  const int code = sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail_with(code);
  return {};
}

std::optional<Error> Connection::take_failure() { return std::exchange(failure_, std::nullopt); }

Unexpected<Error> Connection::fail_with(int code) {
  Error error = describe(code);
  failure_ = error;
  return Unexpected(std::move(error));
}

Error Connection::describe(int code) const {
  const std::string name = "the database " + file_.string();
  const std::string said = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  const int system = handle_ == nullptr ? 0 : sqlite3_system_errno(handle_);
  const std::string why = system == 0 ? said : std::generic_category().message(system);
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::Unavailable,
              name + " is in use by another process; stop that, or choose another file"};
    case SQLITE_FULL:
      return {Errc::Unavailable, "the disk is full: " + name + " cannot grow, nothing was stored"};
    case SQLITE_NOTADB:
      return {Errc::Unavailable,
              file_.string() + " is not an SQLite database; choose another file"};
    case SQLITE_CORRUPT:
      return {Errc::Unavailable,
              name + " is damaged (" + said + "); move it away, or put a copy of it in its place"};
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return {Errc::Unavailable, name + " cannot be opened for writing: " + why};
    case SQLITE_IOERR:
      return {Errc::Unavailable, name + " cannot be read or written: " + why};
    default:
      return {Errc::Internal, name + ": " + said};
  }
}

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Result<bool> Query::next() {
  if (code_ != SQLITE_OK) return connection_.fail_with(code_);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  code_ = code;
  return connection_.fail_with(code);
}

Result<void> Query::run() {
  while (TWINDOW_TRY(next())) {
  }
  return {};
}

std::int64_t Query::changed() const { return sqlite3_changes64(connection_.handle()); }

std::int64_t Query::inserted() const { return sqlite3_last_insert_rowid(connection_.handle()); }

std::int64_t Query::number(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Query::text(int column) const {
  const void* const bytes = sqlite3_column_blob(statement_, column);
  if (bytes == nullptr) return {};
  return {static_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

void Query::bind(int place, std::int64_t number) {
  if (code_ == SQLITE_OK) code_ = sqlite3_bind_int64(statement_, place, number);
}

void Query::bind(int place, std::string_view text) {
  // An empty view may point nowhere, which would be NULL.
  const char* const bytes = text.data() == nullptr ? "" : text.data();
  if (code_ == SQLITE_OK) {
    code_ = sqlite3_bind_text64(statement_, place, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
}

void Query::bind_blob(int place, std::string_view bytes) {
  const char* const first = bytes.data() == nullptr ? "" : bytes.data();
  if (code_ == SQLITE_OK) {
    code_ = sqlite3_bind_blob64(statement_, place, first, bytes.size(), SQLITE_STATIC);
  }
}

void Query::bind_null(int place) {
  if (code_ == SQLITE_OK) code_ = sqlite3_bind_null(statement_, place);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

int Statement::prepare() {
  if (statement_ != nullptr) return SQLITE_OK;
  return sqlite3_prepare_v3(connection_.handle(), sql_.data(), static_cast<int>(sql_.size()),
                            SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
}

}  // namespace twindow::store::sqlite
