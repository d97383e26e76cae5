// SPDX-License-Identifier: Apache-2.0
// How the memory backend stays within its bound.
#include <gtest/gtest.h>

#include "twindow/store/open_store.h"

#include "tests/support/run_task.h"

namespace twindow::store {
namespace {

class MemoryBound : public testing::Test {
 protected:
  MessageSid admit(int number, MessageStatus status) {
    Message message;
    message.sid.text = "SM" + std::to_string(number);
    message.to = *parse_to("+15558675310");
    message.status = status;
    EXPECT_TRUE(
        test::run_task(context_, store_->admit(message, [](Message&, const ports::Facts&) {})));
    return message.sid;
  }
  bool is_there(const MessageSid& sid) {
    return test::run_task(context_, store_->find(sid)).has_value();
  }

  boost::asio::io_context context_;
  std::unique_ptr<ports::AccountStore> store_ = open_memory_store(3);
};

TEST_F(MemoryBound, DropsTheOldestFinishedMessageFirst) {
  const MessageSid pending = admit(1, MessageStatus::Queued);
  const MessageSid finished = admit(2, MessageStatus::Delivered);
  const MessageSid later = admit(3, MessageStatus::Failed);
  const MessageSid newest = admit(4, MessageStatus::Queued);
  EXPECT_TRUE(is_there(pending));
  EXPECT_FALSE(is_there(finished));
  EXPECT_TRUE(is_there(later));
  EXPECT_TRUE(is_there(newest));
}

TEST_F(MemoryBound, DropsTheOldestIfNoneIsFinished) {
  const MessageSid first = admit(1, MessageStatus::Queued);
  for (int number = 2; number <= 4; ++number) admit(number, MessageStatus::Queued);
  EXPECT_FALSE(is_there(first));
}

TEST_F(MemoryBound, AMessageThatEndsBecomesAFinishedOne) {
  const MessageSid first = admit(1, MessageStatus::Queued);
  const MessageSid second = admit(2, MessageStatus::Queued);
  admit(3, MessageStatus::Queued);
  ASSERT_TRUE(test::run_task(
      context_, store_->move({.sid = second, .status = MessageStatus::Failed}, Time())));
  admit(4, MessageStatus::Queued);
  EXPECT_TRUE(is_there(first));
  EXPECT_FALSE(is_there(second));
}

TEST_F(MemoryBound, AnswersPromptlyWithWhatItAnswersInTime) {
  ports::PromptStore* const prompt = store_->prompt();
  ASSERT_NE(prompt, nullptr);
  Message draft;
  draft.sid.text = "SM1";
  draft.to = *parse_to("+15558675310");
  const ports::Judge judge = [](Message& judged, const ports::Facts&) { judged.body = "judged"; };
  const auto admitted = prompt->admit_now(draft, judge);
  ASSERT_TRUE(admitted);
  EXPECT_EQ((*admitted)->body, "judged");
  EXPECT_EQ((*admitted)->timeline.size(), 1u);
  const auto repeated = prompt->admit_now(draft, judge);
  EXPECT_EQ(repeated.error().code, Errc::Conflict);

  const auto moved = prompt->move_now({.sid = draft.sid, .status = MessageStatus::Failed}, Time());
  ASSERT_TRUE(moved);
  EXPECT_TRUE(moved->moved);
  const auto late = prompt->move_now({.sid = draft.sid, .status = MessageStatus::Sent}, Time());
  ASSERT_TRUE(late);
  EXPECT_FALSE(late->moved);
  const auto kept = test::run_task(context_, store_->find(draft.sid));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->status, MessageStatus::Failed);
  EXPECT_EQ(kept->timeline, late->message->timeline);
  EXPECT_EQ(kept->timeline.size(), 3u);
  EXPECT_EQ(prompt->move_now({.sid = {}, .status = MessageStatus::Sent}, Time()).error().code,
            Errc::NotFound);
}

}  // namespace
}  // namespace twindow::store
