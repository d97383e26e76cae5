// SPDX-License-Identifier: Apache-2.0
// How operations that wait are done together.
#include "src/store/sqlite/store_thread.h"

#include <latch>

#include "tests/store/conformance.h"

namespace twindow::store::sqlite {
namespace {

class Together : public testing::Test {
 protected:
  // From here to `go` the store thread does nothing, so that what is asked for waits.
  void hold() {
    start(thread_.read([this](Database&) -> Result<void> {
      held_.count_down();
      released_.wait();
      return {};
    }));
    context_.poll();
    held_.wait();
  }
  void go() {
    context_.restart();
    context_.poll();  // everything is asked for
    released_.count_down();
    run_started();
  }
  void run_started() {
    test::run_until(context_, [this] { return log_.size() == started_; });
  }

  template <class T>
  void start(Task<Result<T>> task, std::string name = {}) {
    ++started_;
    start_on(boost::asio::make_strand(context_), note(std::move(task), std::move(name)));
  }
  template <class T>
  Task<void> note(Task<Result<T>> task, std::string name) {
    const Result<T> result = co_await std::move(task);
    log_.push_back(name + (result ? "" : ": " + result.error().detail));
  }

  auto put(std::string user) {
    return thread_.write([user = std::move(user)](Database& database) -> Result<void> {
      Account* const account = TWINDOW_TRY(database.accounts().find_or_make(kAccount));
      return database.windows().put(
          *account, {.key = {kShop.text, user}, .last_inbound = kStart, .user_spelling = user});
    });
  }
  auto count() {
    return thread_.read([](Database& database) -> Result<std::size_t> {
      Account* const account = TWINDOW_TRY(database.accounts().find(kAccount));
      if (account == nullptr) return 0u;
      const auto all = TWINDOW_TRY(database.windows().list(*account));
      return all.size();
    });
  }
  std::uint64_t commits() {
    return *test::run_task(context_, thread_.read([](Database& database) -> Result<std::uint64_t> {
      return database.commits();
    }));
  }

  test::TempFolder folder_;
  boost::asio::io_context context_;
  std::latch held_{1};
  std::latch released_{1};
  std::vector<std::string> log_;
  std::size_t started_ = 0;
  StoreThread thread_{*Database::open({.file = folder_.path() / "twindow.db"})};
};

TEST_F(Together, ManyChangesAreOneTransaction) {
  hold();
  for (int i = 0; i < 64; ++i) start(put(std::to_string(i)));
  go();
  EXPECT_EQ(log_.size(), 65u);
  EXPECT_EQ(commits(), 1u);
  EXPECT_EQ(*test::run_task(context_, count()), 64u);
}

TEST_F(Together, AVastNumberOfChangesIsSeveral) {
  hold();
  for (std::size_t i = 0; i < 2 * limits::kStoreBatchMax + 1; ++i) start(put(std::to_string(i)));
  go();
  EXPECT_EQ(commits(), 3u);
}

TEST_F(Together, ReadsAreAnsweredBeforeTheChangesBesideThem) {
  std::size_t seen = 99;
  hold();
  start(put("1"), "change");
  start(thread_.read([&seen](Database& database) -> Result<void> {
    Account* const account = TWINDOW_TRY(database.accounts().find(kAccount));
    seen = account == nullptr ? 0 : 1;
    return {};
  }),
        "read");
  go();
  EXPECT_EQ(log_, (std::vector<std::string>{"", "read", "change"}));
  EXPECT_EQ(seen, 0u);
}

TEST_F(Together, ChangesAreMadeInTheOrderInWhichTheyCame) {
  hold();
  for (const char* name : {"a", "b", "c"}) start(put(name), name);
  go();
  EXPECT_EQ(log_, (std::vector<std::string>{"", "a", "b", "c"}));
}

// As in the server, where the threads that ask are of a crew: one wake-up for all of one's answers.
TEST_F(Together, AnswersGoTogetherToAThreadOfACrew) {
  const Crew crew{&context_};
  const CrewThread here(crew, context_);
  hold();
  for (const char* name : {"a", "b", "c"}) start(put(name), name);
  context_.restart();
  context_.poll();
  released_.count_down();
  thread_.close();
  context_.restart();
  EXPECT_EQ(context_.poll_one(), 1u) << "what held it, a read";
  while (log_.empty()) context_.poll_one();
  EXPECT_EQ(log_, (std::vector<std::string>{""}));
  EXPECT_EQ(context_.poll_one(), 1u);
  EXPECT_EQ(log_, (std::vector<std::string>{"", "a", "b", "c"}));
}

TEST_F(Together, OneThatFailsFailsAlone) {
  hold();
  start(put("1"), "1");
  start(thread_.write([](Database& database) -> Result<void> {
    Account* const account = TWINDOW_TRY(database.accounts().find_or_make(kAccount));
    TWINDOW_TRY(database.windows().put(
        *account, {.key = {"half", "done"}, .last_inbound = kStart, .user_spelling = ""}));
    return database.begin();  // within the batch's own transaction: an error of SQLite's
  }),
        "bad");
  start(put("2"), "2");
  go();
  ASSERT_EQ(log_.size(), 4u);
  EXPECT_EQ(log_[1], "1");
  EXPECT_NE(log_[2].find("bad: "), std::string::npos);
  EXPECT_EQ(log_[3], "2");
  EXPECT_EQ(*test::run_task(context_, count()), 2u);
}

TEST_F(Together, WhatWaitsIsDoneBeforeTheEnd) {
  hold();
  for (int i = 0; i < 10; ++i) start(put(std::to_string(i)));
  context_.restart();
  context_.poll();
  released_.count_down();
  thread_.close();
  run_started();
  EXPECT_EQ(log_, std::vector<std::string>(11));
}

}  // namespace
}  // namespace twindow::store::sqlite
