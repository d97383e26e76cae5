// SPDX-License-Identifier: Apache-2.0
// How names that come in no order are kept.
#include "src/store/sqlite/name_table.h"

#include "src/store/sqlite/database.h"
#include "tests/store/conformance.h"

namespace twindow::store::sqlite {
namespace {

using Places = NameTable::Places;

class Names : public testing::Test {
 protected:
  void open() {
    database_.reset();
    database_ = *Database::open({.file = folder_.path() / "twindow.db",
                                 .retention = {.messages_max = 1000},
                                 .names_waiting_max = 4});
  }
  NameTable& names() { return database_->names(); }
  Places places(std::string_view name, std::int64_t account = 1) {
    return *names().places(account, name);
  }

  // A message to this user, in a transaction of its own.
  MessageSid insert(const Address& to) {
    EXPECT_TRUE(database_->begin());
    MessageSid sid = insert_uncommitted(to);
    EXPECT_TRUE(database_->commit());
    return sid;
  }
  MessageSid insert_uncommitted(const Address& to) {
    Message message;
    message.sid.text = "SM" + std::to_string(++messages_);
    message.account = kAccount;
    message.from = message.sender = kShop;
    message.to = to;
    message.created = message.updated = kStart;
    EXPECT_TRUE(database_->messages().insert(account(), message));
    return message.sid;
  }
  Account& account() { return **database_->accounts().find_or_make(kAccount); }

  test::TempFolder folder_;
  int messages_ = 0;
  std::unique_ptr<Database> database_;
};

TEST_F(Names, AreHashedAsTheyWereYesterday) {
  // FNV-1a as its authors give it.
  EXPECT_EQ(static_cast<std::uint64_t>(NameTable::hash("")), 0xcbf29ce484222325u);
  EXPECT_EQ(static_cast<std::uint64_t>(NameTable::hash("a")), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(static_cast<std::uint64_t>(NameTable::hash("foobar")), 0x85944171f73967e8u);
}

TEST_F(Names, AreFoundWhetherTheyWaitOrNot) {
  open();
  std::vector<MessageSid> sids;
  for (int i = 0; i < 50; ++i) sids.push_back(insert(i % 2 == 0 ? kAna : kBen));
  for (std::size_t i = 0; i < sids.size(); ++i) {
    EXPECT_EQ(places(sids[i].text), Places{static_cast<std::int64_t>(i) + 1});
  }
  Places odd;
  for (std::int64_t place = 1; place <= 50; place += 2) odd.push_back(place);
  EXPECT_EQ(places(kAna.text), odd);
  EXPECT_LE(names().waiting(1, kAna.text).size(), 4u);
  EXPECT_EQ(places(kAna.text, 2), Places()) << "of another account";
  EXPECT_EQ(places("SM999"), Places());
}

TEST_F(Names, ThatWaitAreNewerThanThoseThatDoNot) {
  open();
  for (int i = 0; i < 200; ++i) {
    insert(i % 3 == 0 ? kBen : kAna);
    const Places all = places(kAna.text);
    EXPECT_TRUE(std::ranges::is_sorted(all));
    EXPECT_EQ(std::ranges::adjacent_find(all), all.end());
  }
}

TEST_F(Names, AreFoundAgain) {
  open();
  std::vector<MessageSid> sids;
  for (int i = 0; i < 20; ++i) {
    sids.push_back(insert(kAna));
    open();
    for (std::size_t seen = 0; seen < sids.size(); ++seen) {
      ASSERT_EQ(places(sids[seen].text), Places{static_cast<std::int64_t>(seen) + 1}) << i;
    }
  }
}

TEST_F(Names, OfATransactionThatIsTakenBackWereNeverThere) {
  open();
  std::vector<MessageSid> sids;
  for (int i = 0; i < 10; ++i) sids.push_back(insert(kAna));
  const Places before = places(kAna.text);
  ASSERT_TRUE(database_->begin());
  const MessageSid added = insert_uncommitted(kAna);
  ASSERT_TRUE(database_->messages().remove(account(), sids.back()));
  ASSERT_TRUE(database_->messages().remove(account(), sids.front()));
  ASSERT_TRUE(names().settle());
  database_->roll_back();
  EXPECT_EQ(places(kAna.text), before);
  EXPECT_EQ(places(added.text), Places());
  EXPECT_EQ(places(sids.front().text), Places{1});
  EXPECT_EQ(places(sids.back().text), Places{10});
  const MessageSid next = insert(kAna);
  EXPECT_EQ(places(next.text).size(), 1u);
}

TEST_F(Names, GoWithTheirMessages) {
  open();
  std::vector<MessageSid> sids;
  for (int i = 0; i < 10; ++i) sids.push_back(insert(kAna));
  ASSERT_TRUE(database_->begin());
  for (const MessageSid& sid : sids) ASSERT_TRUE(database_->messages().remove(account(), sid));
  ASSERT_TRUE(database_->commit());
  EXPECT_EQ(places(kAna.text), Places());
  for (const MessageSid& sid : sids) EXPECT_EQ(places(sid.text), Places());
}

TEST_F(Names, OfADecisionOutliveTheMessage) {
  open();
  LedgerEntry entry;
  entry.at = kStart;
  ASSERT_TRUE(database_->begin());
  entry.message = insert_uncommitted(kAna);
  ASSERT_TRUE(database_->decisions().insert(account(), entry, 1));
  ASSERT_TRUE(database_->commit());
  EXPECT_EQ(places(entry.message->text), Places{1}) << "one place for both";
  ASSERT_TRUE(database_->messages().remove(account(), *entry.message));
  EXPECT_EQ(places(entry.message->text), Places{1});
  EXPECT_EQ(places(kAna.text), Places());
  EXPECT_EQ(database_->decisions().find(account(), {.message = entry.message})->size(), 1u);
  EXPECT_FALSE(database_->messages().find(account(), *entry.message));
}

// Else whoever reopens the file would take a new row for one that has its name.
TEST_F(Names, NeverGetAPlaceTwice) {
  open();
  for (int i = 0; i < 10; ++i) insert(kAna);
  const std::int64_t last = places(kAna.text).back();
  ASSERT_TRUE(database_->begin());
  ASSERT_TRUE(database_->messages().clear(account()));
  ASSERT_TRUE(names().clear(account().id));
  ASSERT_TRUE(database_->commit());
  EXPECT_EQ(places(kAna.text), Places());
  insert(kAna);
  EXPECT_GT(places(kAna.text).front(), last);
}

}  // namespace
}  // namespace twindow::store::sqlite
