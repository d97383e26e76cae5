// SPDX-License-Identifier: Apache-2.0
// How every backend stays within its bounds.
#include "tests/store/conformance.h"

namespace twindow::store {
namespace {

class Bound : public StoreTest {
 protected:
  explicit Bound(Retention retention = {.messages_max = 3}) : StoreTest(retention) {}

  MessageSid admit_as(MessageStatus status) {
    Message message = draft();
    message.status = status;
    return admit(std::move(message)).sid;
  }
};

TEST_P(Bound, DropsTheOldestFinishedMessageFirst) {
  const MessageSid pending = admit_as(MessageStatus::Queued);
  const MessageSid finished = admit_as(MessageStatus::Delivered);
  const MessageSid later = admit_as(MessageStatus::Failed);
  const MessageSid newest = admit_as(MessageStatus::Queued);
  EXPECT_TRUE(is_there(pending));
  EXPECT_FALSE(is_there(finished));
  EXPECT_TRUE(is_there(later));
  EXPECT_TRUE(is_there(newest));
  EXPECT_EQ(*run(store_->count({})), 3u);
}

TEST_P(Bound, DropsTheOldestIfNoneIsFinished) {
  const MessageSid first = admit_as(MessageStatus::Queued);
  for (int number = 2; number <= 4; ++number) admit_as(MessageStatus::Queued);
  EXPECT_FALSE(is_there(first));
}

TEST_P(Bound, DropsTheOldestIfOnlyTheNewestIsFinished) {
  const MessageSid first = admit_as(MessageStatus::Queued);
  for (int number = 2; number <= 3; ++number) admit_as(MessageStatus::Queued);
  const MessageSid newest = admit_as(MessageStatus::Received);
  EXPECT_FALSE(is_there(first));
  EXPECT_TRUE(is_there(newest));
}

TEST_P(Bound, AMessageThatEndsBecomesAFinishedOne) {
  const MessageSid first = admit_as(MessageStatus::Queued);
  const MessageSid second = admit_as(MessageStatus::Queued);
  admit_as(MessageStatus::Queued);
  ASSERT_TRUE(run(store_->move({.sid = second, .status = MessageStatus::Failed}, Time())));
  admit_as(MessageStatus::Queued);
  EXPECT_TRUE(is_there(first));
  EXPECT_FALSE(is_there(second));
}

TEST_P(Bound, OfAnotherAccountDropsNothing) {
  const auto other = backend_->open_account(kOtherAccount);
  const MessageSid mine = admit_as(MessageStatus::Failed);
  for (int number = 1; number <= 5; ++number) {
    ASSERT_TRUE(run(other->admit(draft(), [](Message&, const ports::Facts&) {})));
  }
  EXPECT_TRUE(is_there(mine));
  EXPECT_EQ(*run(other->count({})), 3u);
}

TEST_P(Bound, HoldsForInboundMessagesToo) {
  for (int number = 1; number <= 5; ++number) {
    ASSERT_TRUE(run(store_->receive(draft_from(kAna), {})));
  }
  EXPECT_EQ(bodies({}), (Bodies{"message 5", "message 4", "message 3"}));
}

INSTANTIATE_TEST_SUITE_P(Backends, Bound, testing::ValuesIn(kBackends), test::case_name);

class AgeBound : public Bound {
 protected:
  AgeBound() : Bound({.messages_max = 100, .age_max = 48h}) {}

  MessageSid admit_at(Time created, MessageStatus status) {
    Message message = draft();
    message.created = message.updated = created;
    message.status = status;
    return admit(std::move(message)).sid;
  }
};

TEST_P(AgeBound, DropsFinishedMessagesThatAreOlder) {
  const MessageSid old = admit_at(kStart, MessageStatus::Delivered);
  const MessageSid just = admit_at(kStart + 1h, MessageStatus::Undelivered);
  admit_at(kStart + 49h, MessageStatus::Queued);
  EXPECT_FALSE(is_there(old));
  EXPECT_TRUE(is_there(just)) << "exactly that old";
  admit_at(kStart + 49h + 1ms, MessageStatus::Queued);
  EXPECT_FALSE(is_there(just));
}

TEST_P(AgeBound, KeepsWhatIsNotFinished) {
  const MessageSid pending = admit_at(kStart, MessageStatus::Scheduled);
  admit_at(kStart + 900h, MessageStatus::Queued);
  EXPECT_TRUE(is_there(pending));
}

INSTANTIATE_TEST_SUITE_P(Backends, AgeBound, testing::ValuesIn(kBackends), test::case_name);

}  // namespace
}  // namespace twindow::store
