// SPDX-License-Identifier: Apache-2.0
// What every backend must do with what Twilio tells of a send.
#include "tests/store/conformance.h"

namespace twindow::store {
namespace {

using News = ports::AccountStore::News;
using Heard = ports::AccountStore::Heard;

class Hear : public StoreTest {
 protected:
  Heard hear(News news, Time at = kStart + 1h) { return *run(store_->hear(std::move(news), at)); }
  Heard refuse(const Message& message) {
    return hear({.sid = message.sid, .status = MessageStatus::Undelivered, .error_code = 63016});
  }
  Webhook relay(const std::string& id, const MessageSid& message) {
    return {.id = id,
            .account = kAccount,
            .message = message,
            .url = "https://app.example.com/status",
            .auth_token = {"0123456789abcdef0123456789abcdef"},
            .idempotency_token = id,
            .news = RelayedNews{.params = {{"MessageStatus", "sent"}}}};
  }
  std::optional<Window> window(const Address& user = kAna) {
    return *run(store_->find(window_key(kShop, user)));
  }
  std::size_t queued() { return run(store_->pending(0, 10))->size(); }
};

TEST_P(Hear, MovesTheMessageAndQueuesWhatTheAppIsTold) {
  const MessageSid sid = admit(draft()).sid;
  const Heard heard =
      hear({.sid = sid, .status = MessageStatus::Sent, .relay = relay("CB1", sid)}, kStart + 5s);
  ASSERT_TRUE(heard.moved);
  EXPECT_TRUE(heard.moved->moved);
  EXPECT_EQ(heard.moved->message.status, MessageStatus::Sent);
  EXPECT_EQ(run(store_->find(sid))->status, MessageStatus::Sent);
  EXPECT_FALSE(heard.repeat);
  const auto queue = *run(store_->pending(0, 10));
  ASSERT_EQ(queue.size(), 1u);
  EXPECT_EQ(queue[0].due, kStart + 5s);
  EXPECT_EQ(queue[0].webhook.auth_token.text, "");
}

TEST_P(Hear, ARepeatOfWhatIsQueuedChangesNothing) {
  const MessageSid sid = admit(draft()).sid;
  hear({.sid = sid, .status = MessageStatus::Sent, .relay = relay("CB1", sid)});
  const auto timeline = run(store_->find(sid))->timeline;
  const Heard again = hear({.sid = sid, .status = MessageStatus::Sent, .relay = relay("CB1", sid)});
  EXPECT_TRUE(again.repeat);
  EXPECT_EQ(run(store_->find(sid))->timeline, timeline);
  EXPECT_EQ(queued(), 1u);
}

TEST_P(Hear, TellsOfMessagesThatAreNotHere) {
  const MessageSid sid{"SM" + std::string(32, 'e')};
  const Heard heard = hear({.sid = sid, .status = MessageStatus::Sent, .relay = relay("CB1", sid)});
  EXPECT_FALSE(heard.moved);
  EXPECT_EQ(queued(), 1u);
}

TEST_P(Hear, AStatusThatNobodyKnowsMovesNothing) {
  const MessageSid sid = admit(draft()).sid;
  const Heard heard = hear({.sid = sid, .relay = relay("CB1", sid)});
  ASSERT_TRUE(heard.moved);
  EXPECT_FALSE(heard.moved->moved);
  EXPECT_EQ(run(store_->find(sid))->status, MessageStatus::Queued);
  EXPECT_EQ(queued(), 1u);
}

TEST_P(Hear, TakesTheSenderThatAServiceHasChosen) {
  Message message = draft();
  message.from = std::nullopt;
  message.sender = {};
  admit(message);
  hear({.sid = message.sid, .status = MessageStatus::Sent, .from = kShop});
  const Message found = *run(store_->find(message.sid));
  EXPECT_EQ(found.from, kShop);
  EXPECT_EQ(found.sender, kShop);
}

TEST_P(Hear, ARefusalClosesTheWindowUntilTheUserWritesAgain) {
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAna), kAna, kStart - 1h)));
  const Heard heard = refuse(admit(draft()));
  ASSERT_TRUE(heard.closed);
  EXPECT_EQ(heard.closed, window());
  EXPECT_TRUE(window()->closed);
  EXPECT_EQ(window()->last_inbound, kStart - 1h);
  const auto after = run(store_->extend(window_key(kShop, kAna), kAna, kStart + 2h));
  EXPECT_FALSE(after->closed);
}

TEST_P(Hear, ARefusalSaysNothingOfWhatTheUserHasWrittenSince) {
  const Message sent = admit(draft());
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAna), kAna, sent.created + 1s)));
  EXPECT_FALSE(refuse(sent).closed);
  EXPECT_FALSE(window()->closed);
}

TEST_P(Hear, ARefusalClosesAWindowThatNobodyKnewOf) {
  const Message sent = admit(draft(kBen));
  ASSERT_TRUE(refuse(sent).closed);
  ASSERT_TRUE(window(kBen));
  EXPECT_TRUE(window(kBen)->closed);
  EXPECT_EQ(window(kBen)->last_inbound, sent.created - 24h);
  EXPECT_EQ(window(kBen)->user_spelling, kBen.text);
}

TEST_P(Hear, OnlyARefusalClosesAndOnlyOnce) {
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAna), kAna, kStart - 1h)));
  const Message sent = admit(draft());
  EXPECT_FALSE(
      hear({.sid = sent.sid, .status = MessageStatus::Failed, .error_code = 63018}).closed);
  const Message other = admit(draft());
  EXPECT_TRUE(refuse(other).closed);
  EXPECT_FALSE(refuse(other).closed) << "it has not moved";
  EXPECT_FALSE(refuse(admit(draft())).closed) << "it is closed";
}

INSTANTIATE_TEST_SUITE_P(Backends, Hear, testing::ValuesIn(kBackends), test::case_name);

}  // namespace
}  // namespace twindow::store
