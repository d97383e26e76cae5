// SPDX-License-Identifier: Apache-2.0
// The backends, and what the tests of all of them have in common. A new one adds a row to
// kBackends, and nothing else in these files.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "twindow/store/open_store.h"

#include "tests/support/case_name.h"
#include "tests/support/run_task.h"
#include "tests/support/temp_folder.h"

namespace twindow::store {

using namespace std::chrono_literals;

struct BackendCase {
  std::string_view name;
  std::function<std::unique_ptr<Backend>(const std::filesystem::path& folder, Retention)> open;
  bool durable;  // what is there survives the backend
};

inline const std::vector<BackendCase> kBackends{
    {"Memory",
     [](const std::filesystem::path&, Retention retention) {
       return open_memory_backend(retention);
     },
     false},
    {"Sqlite",
     [](const std::filesystem::path& folder, Retention retention) {
       return *open_sqlite_backend({.file = folder / "twindow.db", .retention = retention});
     },
     true},
    // Names go on from memory all the time.
    {"SqliteInAHurry",
     [](const std::filesystem::path& folder, Retention retention) {
       return *open_sqlite_backend(
           {.file = folder / "twindow.db", .retention = retention, .names_waiting_max = 2});
     },
     true},
};

inline const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};
inline const AccountSid kOtherAccount{"ACfedcba9876543210fedcba9876543210"};
inline const Time kStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + 9h;
inline const Address kShop = *parse_from("whatsapp:+14155550100");
inline const Address kAna = *parse_to("whatsapp:+5215512345678");
inline const Address kBen = *parse_to("whatsapp:+15558675310");

using Bodies = std::vector<std::string>;

class StoreTest : public testing::TestWithParam<BackendCase> {
 protected:
  explicit StoreTest(Retention retention = {.messages_max = 1000}) : retention_(retention) {
    open();
  }

  void open() {
    backend_ = GetParam().open(folder_.path(), retention_);
    store_ = backend_->open_account(kAccount);
  }
  // As after a restart of the program.
  void reopen() {
    store_.reset();
    backend_.reset();
    open();
  }

  template <class T>
  auto run(Task<T> task) {
    return test::run_task(context_, std::move(task));
  }

  Message draft(Address to = kAna) {
    const std::string number = std::to_string(++drafts_);
    Message message;
    message.sid.text = "SM" + std::string(32 - number.size(), '0') + number;
    message.account = kAccount;
    message.from = kShop;
    message.sender = kShop;
    message.to = std::move(to);
    message.body = "message " + number;
    message.created = message.updated = kStart + std::chrono::seconds(drafts_);
    return message;
  }
  Message draft_from(Address user) {
    Message message = draft(kShop);
    message.direction = Direction::Inbound;
    message.status = MessageStatus::Received;
    message.from = message.sender = std::move(user);
    message.sent = message.created;
    return message;
  }
  Message admit(
      Message message, ports::Judge judge = [](Message&, const ports::Facts&) {}) {
    return *run(store_->admit(std::move(message), std::move(judge)));
  }
  MessageSid admit_some(int count) {
    for (int i = 1; i < count; ++i) admit(draft());
    return admit(draft()).sid;
  }
  Bodies bodies(MessageFilter filter, PageRequest page = {}) {
    Bodies found;
    const auto listed = run(store_->list(std::move(filter), std::move(page)));
    for (const Message& message : listed->messages) found.push_back(message.body);
    return found;
  }
  bool is_there(const MessageSid& sid) { return run(store_->find(sid)).has_value(); }

  test::TempFolder folder_;
  Retention retention_;
  boost::asio::io_context context_;
  std::unique_ptr<Backend> backend_;
  std::unique_ptr<ports::AccountStore> store_;
  int drafts_ = 0;
};

// Every field of `message` that has no comparison of its own.
inline void expect_equal(const Message& got, const Message& want) {
  EXPECT_EQ(got.sid, want.sid);
  EXPECT_EQ(got.account, want.account);
  EXPECT_EQ(got.direction, want.direction);
  EXPECT_EQ(got.kind, want.kind);
  EXPECT_EQ(got.from, want.from);
  EXPECT_EQ(got.sender, want.sender);
  EXPECT_EQ(got.to, want.to);
  EXPECT_EQ(got.service, want.service);
  EXPECT_EQ(got.body, want.body);
  EXPECT_EQ(got.media, want.media);
  EXPECT_EQ(got.price, want.price);
  EXPECT_EQ(got.options, want.options);
  EXPECT_EQ(got.feedback, want.feedback);
  EXPECT_EQ(got.content, want.content);
  EXPECT_EQ(got.content_variables, want.content_variables);
  EXPECT_EQ(got.status_callback, want.status_callback);
  EXPECT_EQ(got.status, want.status);
  EXPECT_EQ(got.error_code, want.error_code);
  EXPECT_EQ(got.created, want.created);
  EXPECT_EQ(got.updated, want.updated);
  EXPECT_EQ(got.sent, want.sent);
  EXPECT_EQ(got.num_segments, want.num_segments);
  EXPECT_EQ(got.window, want.window);
  EXPECT_EQ(got.held_until, want.held_until);
  EXPECT_EQ(got.upstream_sid, want.upstream_sid);
  EXPECT_EQ(got.timeline, want.timeline);
}

}  // namespace twindow::store
