// SPDX-License-Identifier: Apache-2.0
// What SQLite writes to its log, as the files below see it.
#include "src/store/sqlite/gathering_vfs.h"

#include <cstring>

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "tests/support/temp_folder.h"

namespace twindow::store::sqlite {
namespace {

constexpr const char* kCounting = "counting";
constexpr const char* kGathering = "gathering above counting";

// The system's files with a count of what is done to logs; a write fails when it is told to.
struct Counts {
  int opened = 0;
  int writes = 0;
  int syncs = 0;
  sqlite3_int64 bytes = 0;
  int fails_with = SQLITE_OK;
};
Counts counts;

const sqlite3_io_methods* real_methods = nullptr;
sqlite3_io_methods counting_methods;

int count_write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  if (counts.fails_with != SQLITE_OK) return counts.fails_with;
  ++counts.writes;
  counts.bytes += size;
  return real_methods->xWrite(file, from, size, at);
}

int count_sync(sqlite3_file* file, int flags) {
  ++counts.syncs;
  return real_methods->xSync(file, flags);
}

int open_counted(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out) {
  sqlite3_vfs* const system = sqlite3_vfs_find(nullptr);
  const int opened = system->xOpen(system, name, file, flags, out);
  if (opened != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return opened;
  ++counts.opened;
  real_methods = file->pMethods;
  counting_methods = *real_methods;
  counting_methods.xWrite = count_write;
  counting_methods.xSync = count_sync;
  file->pMethods = &counting_methods;
  return SQLITE_OK;
}

class Gathering : public testing::Test {
 protected:
  Gathering() {
    static sqlite3_vfs counting = [] {
      sqlite3_vfs made = *sqlite3_vfs_find(nullptr);
      made.zName = kCounting;
      made.xOpen = open_counted;
      return made;
    }();
    static GatheringVfs gathering(kGathering, counting);
    sqlite3_vfs_register(&counting, 0);
    sqlite3_vfs_register(&gathering.vfs(), 0);
  }
  ~Gathering() override { sqlite3_close(database_); }

  void open(const char* vfs = kGathering) {
    sqlite3_close(database_);
    constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    ASSERT_EQ(sqlite3_open_v2((folder_.path() / "db").c_str(), &database_, kFlags, vfs), SQLITE_OK);
    run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "PRAGMA cache_size = 20; CREATE TABLE IF NOT EXISTS t (i INTEGER PRIMARY KEY, x BLOB)");
    counts = {};
  }
  int result(const std::string& sql) {
    return sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  }
  void run(const std::string& sql) {
    ASSERT_EQ(result(sql), SQLITE_OK) << sqlite3_errmsg(database_);
  }
  std::string value(const std::string& sql) {
    std::string found;
    const auto take = [](void* to, int, char** texts, char**) {
      *static_cast<std::string*>(to) += texts[0] == nullptr ? "NULL" : texts[0];
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(database_, sql.c_str(), take, &found, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database_);
    return found;
  }
  // Rows of about a page each.
  static std::string insert(int rows) {
    return "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
           std::to_string(rows) + ") INSERT INTO t (x) SELECT zeroblob(3000) FROM n;";
  }

  test::TempFolder folder_;
  sqlite3* database_ = nullptr;
};

TEST_F(Gathering, ACommitIsOneWriteAndOneSync) {
  open();
  run("BEGIN;" + insert(10) + "COMMIT");
  EXPECT_LE(counts.writes, 2) << "the log's own head is synced alone, when it begins";
  EXPECT_GT(counts.bytes, 10 * 4096);
  const Counts before = counts;
  run("BEGIN;" + insert(10) + "COMMIT");
  EXPECT_EQ(counts.writes - before.writes, 1);
  EXPECT_EQ(counts.syncs - before.syncs, 1);
}

TEST_F(Gathering, WithoutItEachPageIsTwo) {
  open(kCounting);
  run("BEGIN;" + insert(10) + "COMMIT");
  EXPECT_GT(counts.writes, 20) << "what it is there for";
}

// More than the cache holds is written before the commit, and read back from the log.
TEST_F(Gathering, WhatIsNotYetWrittenIsRead) {
  open();
  run("BEGIN;" + insert(500));
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE x = zeroblob(3000)"), "500");
  EXPECT_EQ(counts.syncs, 0);
  run("COMMIT");
  EXPECT_GE(counts.bytes, 500 * 3000);
  open(kCounting);
  EXPECT_EQ(value("SELECT count(*) FROM t WHERE x = zeroblob(3000)"), "500") << "by others too";
  EXPECT_EQ(value("PRAGMA integrity_check"), "ok");
}

TEST_F(Gathering, WhatIsRolledBackIsGone) {
  open();
  run(insert(3));
  run("BEGIN;" + insert(200) + "ROLLBACK");
  EXPECT_EQ(value("SELECT count(*) FROM t"), "3");
  run(insert(1));
  EXPECT_EQ(value("SELECT count(*) FROM t"), "4");
  EXPECT_EQ(value("PRAGMA integrity_check"), "ok");
}

TEST_F(Gathering, ACommitThatCannotBeWrittenFailsAndTheNextOneIsWhole) {
  for (const int failure : {SQLITE_FULL, SQLITE_IOERR_WRITE}) {
    open();
    run("DELETE FROM t;" + insert(3));
    counts.fails_with = failure;
    EXPECT_EQ(result("BEGIN;" + insert(5) + "COMMIT") & 0xff, failure & 0xff);
    result("ROLLBACK");  // SQLite may have done so itself
    EXPECT_EQ(value("SELECT count(*) FROM t"), "3");
    counts.fails_with = SQLITE_OK;
    run(insert(2));
    EXPECT_EQ(value("SELECT count(*) FROM t"), "5");
    open(kCounting);
    EXPECT_EQ(value("SELECT count(*) FROM t"), "5");
    EXPECT_EQ(value("PRAGMA integrity_check"), "ok");
  }
}

// What a crash leaves: the files as they are on the disk between two commits.
TEST_F(Gathering, WhatWasCommittedIsInTheFiles) {
  open();
  run(insert(30));
  run("BEGIN;" + insert(7));
  const auto copy = folder_.path() / "copy";
  for (const char* const end : {"", "-wal"}) {
    std::filesystem::copy_file(folder_.path() / ("db" + std::string(end)), copy.string() + end);
  }
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(copy.c_str(), &other), SQLITE_OK);
  std::swap(other, database_);
  EXPECT_EQ(value("SELECT count(*) FROM t"), "30");
  std::swap(other, database_);
  sqlite3_close(other);
}

TEST_F(Gathering, CheckpointsTakeAllOfIt) {
  open();
  for (int i = 0; i < 20; ++i) run(insert(3));
  run("PRAGMA wal_checkpoint(TRUNCATE)");
  EXPECT_EQ(value("SELECT count(*) FROM t"), "60");
  run(insert(1));
  open(kCounting);
  EXPECT_EQ(value("SELECT count(*) FROM t"), "61");
  EXPECT_EQ(value("PRAGMA integrity_check"), "ok");
}

}  // namespace
}  // namespace twindow::store::sqlite
