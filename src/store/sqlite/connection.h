// SPDX-License-Identifier: Apache-2.0
// The home of SQLite's C interface, beside its files (gathering_vfs.h): a connection, statements
// that are prepared once, and what SQLite's errors mean for people.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "twindow/model/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace twindow::store::sqlite {

// Belongs to one thread at a time.
class Connection {
 public:
  // Makes the file, readable by its owner only, if it is not there. Nothing is read of it yet.
  static Result<std::unique_ptr<Connection>> open(std::filesystem::path file);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<void> run(std::string_view sql);  // one statement or several, without results

  // What went wrong since this was last asked, if anything did: whatever the failed statement's
  // caller made of it, the transaction cannot be committed.
  std::optional<Error> take_failure();

  // For Query: notes the failure of `code`.
  Unexpected<Error> fail_with(int code);
  sqlite3* handle() { return handle_; }
  const std::filesystem::path& file() const { return file_; }

 private:
  explicit Connection(std::filesystem::path file) : file_(std::move(file)) {}
  Error describe(int code) const;

  std::filesystem::path file_;
  sqlite3* handle_ = nullptr;
  std::optional<Error> failure_;
};

// One run of a statement. Bound texts outlive it. Only one at a time for a statement.
class Query {
 public:
  // `code` is what came of preparing the statement; `bind` gives it its values.
  template <class Bind>
  Query(Connection& connection, sqlite3_stmt* statement, int code, const Bind& bind)
      : connection_(connection), statement_(statement), code_(code) {
    bind(*this);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Result<bool> next();  // a row is there
  Result<void> run();   // to its end; rows do not matter
  // Of a statement that changes rows, after it has run: how many.
  std::int64_t changed() const;
  // Of one that inserts a row, after it has: the row's number. (RETURNING would build a table in
  // memory for it each time.)
  std::int64_t inserted() const;

  std::int64_t number(int column) const;
  std::string_view text(int column) const;  // also of a BLOB; until the next row

  void bind(int place, std::int64_t number);
  void bind(int place, std::string_view text);
  void bind_blob(int place, std::string_view bytes);
  void bind_null(int place);

 private:
  Connection& connection_;
  sqlite3_stmt* statement_;
  int code_;  // of the first step that failed
};

struct Blob {
  std::string_view bytes;
};

// Prepared when it is first used, and kept.
class Statement {
 public:
  // `sql` is a literal.
  Statement(Connection& connection, std::string_view sql) : connection_(connection), sql_(sql) {}
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  template <class... Values>
  Query with(const Values&... values) {
    const int code = prepare();
    return Query(connection_, statement_, code, [&](Query& query) {
      int place = 0;
      (bind(query, ++place, values), ...);
    });
  }

 private:
  int prepare();
  static void bind(Query& query, int place, std::int64_t value) { query.bind(place, value); }
  static void bind(Query& query, int place, std::string_view value) { query.bind(place, value); }
  static void bind(Query& query, int place, Blob value) { query.bind_blob(place, value.bytes); }
  template <class T>
  static void bind(Query& query, int place, const std::optional<T>& value) {
    if (value) {
      bind(query, place, *value);
    } else {
      query.bind_null(place);
    }
  }

  Connection& connection_;
  std::string_view sql_;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace twindow::store::sqlite
