// SPDX-License-Identifier: Apache-2.0
// The database as a file: what can be wrong with it, and what is said then.
#include <fstream>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "src/store/sqlite/migrations.h"
#include "tests/store/conformance.h"

namespace twindow::store {
namespace {

using testing::HasSubstr;

class SqliteFile : public testing::Test {
 protected:
  template <class T>
  auto run(Task<T> task) {
    return test::run_task(context_, std::move(task));
  }
  Result<std::unique_ptr<Backend>> open(std::optional<std::uint64_t> bytes_max = {}) {
    return open_sqlite_backend({.file = file_, .bytes_max = bytes_max});
  }
  std::string refusal() {
    const auto opened = open();
    EXPECT_FALSE(opened);
    if (opened) return {};
    EXPECT_EQ(opened.error().code, Errc::Unavailable);
    return opened.error().detail;
  }
  // With SQLite's own means.
  void sql(const std::string& text) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, text.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
  }
  std::string value(const std::string& query) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open(file_.c_str(), &database), SQLITE_OK);
    std::string found;
    const auto take = [](void* to, int count, char** texts, char**) {
      for (int i = 0; i < count; ++i) {
        *static_cast<std::string*>(to) += (texts[i] == nullptr ? "NULL" : texts[i]);
      }
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(database, query.c_str(), take, &found, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    sqlite3_close(database);
    return found;
  }
  Message message(int number, std::size_t size = 10) {
    Message made;
    made.sid.text = "SM" + std::to_string(number);
    made.account = kAccount;
    made.to = kAna;
    made.body = std::string(size, 'x');
    made.created = kStart;
    return made;
  }
  Result<Message> admit(ports::AccountStore& store, int number, std::size_t size = 10) {
    return run(store.admit(message(number, size), [](Message&, const ports::Facts&) {}));
  }

  test::TempFolder folder_;
  std::filesystem::path file_ = folder_.path() / "twindow.db";
  boost::asio::io_context context_;
};

TEST_F(SqliteFile, IsReadableByItsOwnerOnly) {
  const auto backend = *open();
  ASSERT_TRUE(admit(*backend->open_account(kAccount), 1));
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
    struct stat found {};
    ASSERT_EQ(::stat(entry.path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600u) << entry.path();
  }
}

TEST_F(SqliteFile, IsOneFileWhenItIsClosed) {
  ASSERT_TRUE(admit(*(*open())->open_account(kAccount), 1));
  EXPECT_EQ(value("PRAGMA journal_mode"), "wal");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(SqliteFile, NeedsAFolder) {
  file_ = folder_.path() / "nowhere" / "twindow.db";
  EXPECT_EQ(refusal(), "the folder of the database " + file_.string() +
                           " does not exist; make it, or choose another file");
}

TEST_F(SqliteFile, MayNotBeAFolder) {
  file_ = folder_.path();
  EXPECT_EQ(refusal(),
            "the database " + file_.string() + " cannot be opened for writing: Is a directory");
}

TEST_F(SqliteFile, MustBeADatabase) {
  std::ofstream(file_) << "Dear diary, this is no database at all, but it is long enough for one: "
                       << std::string(1000, '.');
  EXPECT_EQ(refusal(), file_.string() + " is not an SQLite database; choose another file");
}

TEST_F(SqliteFile, MustBeOurs) {
  sql("CREATE TABLE recipe (name TEXT)");
  EXPECT_EQ(refusal(), file_.string() + " is a database of another program; choose another file");
  EXPECT_EQ(value("SELECT group_concat(name) FROM sqlite_schema"), "recipe") << "it is left alone";
  EXPECT_EQ(value("PRAGMA journal_mode"), "delete");
}

TEST_F(SqliteFile, OfANewerVersionIsRefused) {
  ASSERT_TRUE(open());
  const std::string known = value("PRAGMA user_version");
  sql("PRAGMA user_version = 1000");
  EXPECT_EQ(refusal(), "the database " + file_.string() +
                           " is of a newer twindow: its schema is 1000, and this program knows up "
                           "to " +
                           known + "; use that version, or choose another file");
  EXPECT_EQ(value("PRAGMA user_version"), "1000");
}

TEST_F(SqliteFile, IsOneProcessesAlone) {
  const auto backend = *open();
  const std::string want = "the database " + file_.string() +
                           " is in use by another process; stop that, or choose another file";
  EXPECT_EQ(refusal(), want) << "not twice in one process either";
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto opened = open();
    ::_exit(!opened && opened.error().detail == want ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ASSERT_TRUE(admit(*backend->open_account(kAccount), 1)) << "the first has it still";
}

TEST_F(SqliteFile, ThatIsDamagedIsRefused) {
  ASSERT_TRUE(admit(*(*open())->open_account(kAccount), 1));
  {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);  // behind the header: the root of the schema
    file << std::string(3000, '\x5a');
  }
  EXPECT_THAT(refusal(), HasSubstr("the database " + file_.string() + " is damaged ("));
}

TEST_F(SqliteFile, ThatIsDamagedInsideSaysSoWhereItIsRead) {
  {
    const auto backend = *open_sqlite_backend({.file = file_, .names_waiting_max = 10});
    const auto store = backend->open_account(kAccount);
    for (int i = 0; i < 300; ++i) ASSERT_TRUE(admit(*store, i, 1000));
  }
  // Not the last rows, which are read when the file is opened.
  const auto pages = std::filesystem::file_size(file_) / 4096 / 2;
  {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    // Behind the roots of all tables, which are read when the file is opened.
    for (std::uintmax_t page = 40; page < pages; ++page) {
      file.seekp(static_cast<std::streamoff>(page * 4096));
      file << std::string(4096, '\x5a');
    }
  }
  const auto backend = open();
  ASSERT_TRUE(backend);
  const auto listed = run((*backend)->open_account(kAccount)->list({}, {.limit = 200}));
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().code, Errc::Unavailable);
  EXPECT_THAT(listed.error().detail, HasSubstr(" is damaged ("));
}

TEST_F(SqliteFile, AMessageThatCannotBeUnpackedSaysSo) {
  ASSERT_TRUE(admit(*(*open())->open_account(kAccount), 1));
  sql("UPDATE message SET data = substr(data, 1, 20)");
  const auto backend = *open();
  const auto found = run(backend->open_account(kAccount)->find(MessageSid{"SM1"}));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, Errc::Internal);
  EXPECT_THAT(found.error().detail, HasSubstr("message SM1 in the database cannot be read"));
}

TEST_F(SqliteFile, AFullDiskLosesNothingThatIsThereAndTakesNothingHalf) {
  const auto backend = *open(200 * 1024);
  const auto store = backend->open_account(kAccount);
  ASSERT_TRUE(admit(*store, 1));
  store->raise_counter("sids", 5);
  const auto full = admit(*store, 2, 400 * 1024);
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, Errc::Unavailable);
  EXPECT_EQ(full.error().detail, "the disk is full: the database " + file_.string() +
                                     " cannot grow, nothing was stored");
  EXPECT_TRUE(run(store->find(MessageSid{"SM1"})));
  EXPECT_EQ(run(store->find(MessageSid{"SM2"})).error().code, Errc::NotFound);
  EXPECT_EQ(*run(store->count({})), 1u);
  ASSERT_TRUE(admit(*store, 3)) << "there is room for a small one";
  EXPECT_EQ(*run(store->count({})), 2u);
}

TEST_F(SqliteFile, CountersOfAFailedChangeGoWithTheNext) {
  {
    const auto backend = *open(200 * 1024);
    const auto store = backend->open_account(kAccount);
    store->raise_counter("sids", 5);
    ASSERT_FALSE(admit(*store, 2, 400 * 1024));
    ASSERT_TRUE(admit(*store, 3));
  }
  EXPECT_EQ((*open())->open_account(kAccount)->counter("sids"), 5u);
}

TEST_F(SqliteFile, OfVersionOneIsBroughtUpToDate) {
  // As version 1 wrote it; never to be changed, whatever migrations there are by now.
  std::ifstream dump(TWINDOW_SOURCE_DIR "/fixtures/store/version_1.sql");
  sql(std::string(std::istreambuf_iterator<char>(dump), {}));
  {
    const auto opened = open();
    ASSERT_TRUE(opened) << opened.error().detail;
    const auto store = (*opened)->open_account(kAccount);
    EXPECT_EQ(store->counter("sids"), 2u);
    const auto found = run(store->list({}, {}));
    ASSERT_TRUE(found) << found.error().detail;
    ASSERT_EQ(found->messages.size(), 2u);
    for (const Message& message : found->messages) EXPECT_TRUE(run(store->find(message.sid)));
    EXPECT_EQ(run(store->list({.to = found->messages[1].to.text}, {}))->messages.size(), 1u);
    EXPECT_EQ(found->messages[0].body, "hola");
    EXPECT_EQ(found->messages[0].from, kAna);
    EXPECT_EQ(found->messages[1].status, MessageStatus::Undelivered);
    EXPECT_EQ(found->messages[1].error_code, 63016);
    ASSERT_EQ(found->messages[1].timeline.size(), 3u);
    EXPECT_EQ(std::get<WebhookTried>(found->messages[1].timeline[2].what).http_status, 204);
    const Window window{
        .key = window_key(kShop, kAna), .last_inbound = kStart, .user_spelling = kAna.text};
    EXPECT_EQ(*run(store->find(window.key)), window);
    const auto queued = run(store->pending(0, 10));
    ASSERT_EQ(queued->size(), 1u);
    EXPECT_EQ((*queued)[0].webhook.url, "https://app.example.com/status");
    EXPECT_EQ((*queued)[0].tries, 1u);
  }
  const std::string schema =
      "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema "
      "WHERE sql IS NOT NULL ORDER BY name)";
  const std::string migrated = value(schema);
  const std::string version = value("PRAGMA user_version");
  file_ = folder_.path() / "new.db";
  ASSERT_TRUE(open());
  EXPECT_EQ(migrated, value(schema));
  EXPECT_EQ(version, value("PRAGMA user_version"));
}

class Migrations : public SqliteFile {
 protected:
  Result<void> migrate(std::vector<sqlite::Migration> all) {
    const auto connection = *sqlite::Connection::open(file_);
    return sqlite::migrate(*connection, all);
  }
  const sqlite::Migration kFirst{"0001_a", "CREATE TABLE a (x); CREATE TABLE b (x);"};
  const sqlite::Migration kSecond{"0002_b", "INSERT INTO a VALUES (2);"};
  const sqlite::Migration kThird{"0003_c", "INSERT INTO a VALUES (3);"};
  const sqlite::Migration kBroken{"0003_c", "INSERT INTO a VALUES (4); INSERT INTO c VALUES (4);"};
};

TEST_F(Migrations, RunOnceInTheirOrder) {
  ASSERT_TRUE(migrate({kFirst}));
  EXPECT_EQ(value("PRAGMA user_version"), "1");
  ASSERT_TRUE(migrate({kFirst, kSecond, kThird}));
  ASSERT_TRUE(migrate({kFirst, kSecond, kThird}));
  EXPECT_EQ(value("SELECT group_concat(x) FROM a"), "2,3");
  EXPECT_EQ(value("PRAGMA user_version"), "3");
}

TEST_F(Migrations, LeaveEverythingAsItWasIfOneFails) {
  ASSERT_TRUE(migrate({kFirst}));
  const auto failed = migrate({kFirst, kSecond, kBroken});
  ASSERT_FALSE(failed);
  EXPECT_THAT(failed.error().detail, HasSubstr("no such table: c"));
  EXPECT_EQ(value("SELECT count(*) FROM a"), "0");
  EXPECT_EQ(value("PRAGMA user_version"), "1");
}

TEST_F(Migrations, DoNotGoBack) {
  ASSERT_TRUE(migrate({kFirst, kSecond}));
  EXPECT_FALSE(migrate({kFirst}));
}

}  // namespace
}  // namespace twindow::store
