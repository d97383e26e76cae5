// SPDX-License-Identifier: Apache-2.0
// What only the memory backend can: answer without a wait.
#include <gtest/gtest.h>

#include "twindow/store/open_store.h"

#include "tests/support/run_task.h"

namespace twindow::store {
namespace {

TEST(MemoryStore, AnswersPromptlyWithWhatItAnswersInTime) {
  boost::asio::io_context context;
  const auto store = open_memory_store(Retention());
  ports::PromptStore* const prompt = store->prompt();
  ASSERT_NE(prompt, nullptr);
  Message draft;
  draft.sid.text = "SM1";
  draft.to = *parse_to("+15558675310");
  const ports::Judge judge = [](Message& judged, const ports::Facts&) { judged.body = "judged"; };
  const auto admitted = prompt->admit_now(Message(draft), judge);
  ASSERT_TRUE(admitted);
  EXPECT_EQ((*admitted)->body, "judged");
  EXPECT_EQ((*admitted)->timeline.size(), 1u);
  const auto repeated = prompt->admit_now(Message(draft), judge);
  EXPECT_EQ(repeated.error().code, Errc::Conflict);

  const auto moved = prompt->move_now({.sid = draft.sid, .status = MessageStatus::Failed}, Time());
  ASSERT_TRUE(moved);
  EXPECT_TRUE(moved->moved);
  const auto late = prompt->move_now({.sid = draft.sid, .status = MessageStatus::Sent}, Time());
  ASSERT_TRUE(late);
  EXPECT_FALSE(late->moved);
  const auto kept = test::run_task(context, store->find(draft.sid));
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->status, MessageStatus::Failed);
  EXPECT_EQ(kept->timeline, late->message->timeline);
  EXPECT_EQ(kept->timeline.size(), 3u);
  EXPECT_EQ(prompt->move_now({.sid = {}, .status = MessageStatus::Sent}, Time()).error().code,
            Errc::NotFound);
}

TEST(MemoryStore, KeepsADecisionWithItsMessageAtOnce) {
  boost::asio::io_context context;
  const auto store = open_memory_store(Retention());
  Message draft;
  draft.sid.text = "SM1";
  draft.to = *parse_to("+15558675310");
  LedgerEntry entry{.rule = "open"};
  const auto kept = store->prompt()->admit_decided_now(Message(draft), nullptr, LedgerEntry(entry));
  ASSERT_TRUE(kept);
  EXPECT_EQ((*kept)->sid, draft.sid);
  const auto again =
      store->prompt()->admit_decided_now(Message(draft), nullptr, LedgerEntry(entry));
  EXPECT_EQ(again.error().code, Errc::Conflict);
  const auto decisions = test::run_task(context, store->decisions({}));
  ASSERT_EQ(decisions->size(), 1u) << "none of a message that was refused";
  EXPECT_EQ(decisions->front().message, draft.sid);
  EXPECT_EQ(decisions->front().rule, "open");
}

}  // namespace
}  // namespace twindow::store
