// SPDX-License-Identifier: Apache-2.0
// What is counted at the gateway's ports.
#include "src/app/metered_ports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twindow/store/open_store.h"

#include "src/app/metrics_text.h"
#include "tests/support/fake_app.h"
#include "tests/support/run_task.h"

namespace twindow::app {
namespace {

using testing::HasSubstr;

const MessageSid kSid{"SM0123456789abcdef0123456789abcdef"};
const MessageSid kUnknown{"SM0123456789abcdef0123456789abcdee"};

Message draft(Direction direction = Direction::OutboundApi) {
  return {
      .sid = kSid,
      .account = AccountSid{"AC0123456789abcdef0123456789abcdef"},
      .direction = direction,
      .kind = MessageKind::Freeform,
      .from = *parse_from("whatsapp:+14155550100"),
      .sender = *parse_from("whatsapp:+14155550100"),
      .to = *parse_to("whatsapp:+5215512345678"),
      .status = direction == Direction::Inbound ? MessageStatus::Receiving : MessageStatus::Queued};
}

class MeteredStore : public testing::Test {
 protected:
  template <class T>
  T run(Task<T> task) {
    return test::run_task(context, std::move(task));
  }
  Result<Message> admit(Message message) {
    return run(store->admit(std::move(message), [](Message&, const ports::Facts&) {}));
  }
  bool move(MessageStatus status, std::optional<int> code = {}) {
    const auto moved = run(store->move({.sid = kSid, .status = status, .error_code = code}, {}));
    return moved && moved->moved;
  }

  test::Context context;
  Metrics metrics{{}};
  std::unique_ptr<ports::AccountStore> store = metered(store::open_memory_store(10), metrics);
};

TEST_F(MeteredStore, CountsWhatIsWritten) {
  ASSERT_TRUE(admit(draft()));
  EXPECT_EQ(metrics.commits(), 1u);
  ASSERT_TRUE(run(store->note(kSid, {{}, StatusReached{MessageStatus::Queued}})));
  const WindowKey key{"whatsapp:+14155550100", "+525512345678"};
  ASSERT_TRUE(run(store->extend(key, *parse_to("whatsapp:+5215512345678"), {})));
  Window window;
  window.key = key;
  ASSERT_TRUE(run(store->put(window)));
  ASSERT_TRUE(run(store->erase(key)));
  ASSERT_TRUE(move(MessageStatus::Sent));
  EXPECT_EQ(metrics.commits(), 6u);
  ASSERT_TRUE(run(store->clear()));
  EXPECT_EQ(metrics.commits(), 7u);
  ASSERT_TRUE(run(store->receive(draft(), {})));
  Webhook webhook;
  webhook.id = "CB1";
  ASSERT_TRUE(run(store->enqueue(webhook, {})));
  ASSERT_TRUE(run(store->tried("CB1", {})));
  ASSERT_TRUE(run(store->done("CB1")));
  EXPECT_EQ(metrics.commits(), 11u);
}

TEST_F(MeteredStore, HandsOnWhatItDoesNotCount) {
  store->raise_counter("sids", 3);
  EXPECT_EQ(store->counter("sids"), 3u);
  Webhook webhook;
  webhook.id = "CB1";
  ASSERT_TRUE(run(store->enqueue(webhook, {})));
  EXPECT_EQ(run(store->pending(0, 9))->size(), 1u);
  EXPECT_EQ(metrics.commits(), 1u);
}

TEST_F(MeteredStore, CountsNeitherReadingNorFailing) {
  ASSERT_TRUE(admit(draft()));
  EXPECT_FALSE(admit(draft()));
  EXPECT_TRUE(run(store->find(kSid)));
  EXPECT_TRUE(run(store->list({}, {})));
  EXPECT_TRUE(run(store->count({})));
  EXPECT_TRUE(run(store->list()));
  const WindowKey key{"whatsapp:+14155550100", "+525512345678"};
  EXPECT_TRUE(run(store->find(key)));
  EXPECT_FALSE(run(store->erase(key)));
  EXPECT_FALSE(run(store->note(kUnknown, {})));
  EXPECT_FALSE(run(store->move({.sid = kUnknown, .status = MessageStatus::Sent}, {})));
  EXPECT_EQ(metrics.commits(), 1u);
}

TEST_F(MeteredStore, CountsTheFinalStatusesThatMessagesComeTo) {
  ASSERT_TRUE(admit(draft()));
  ASSERT_TRUE(move(MessageStatus::Sent));
  EXPECT_THAT(metrics_text(metrics, {}), testing::Not(HasSubstr("outcomes_total{")));
  ASSERT_TRUE(move(MessageStatus::Undelivered, 63016));
  EXPECT_FALSE(move(MessageStatus::Delivered)) << "late news";
  const std::string text = metrics_text(metrics, {});
  EXPECT_THAT(text,
              HasSubstr(R"(twindow_message_outcomes_total{status="undelivered",code="63016"} 1)"));
  EXPECT_THAT(text, testing::Not(HasSubstr("delivered\",code=\"\"")));
}

TEST_F(MeteredStore, MessagesOfUsersHaveNoOutcome) {
  ASSERT_TRUE(admit(draft(Direction::Inbound)));
  ASSERT_TRUE(move(MessageStatus::Received));
  EXPECT_THAT(metrics_text(metrics, {}), testing::Not(HasSubstr("outcomes_total{")));
}

TEST(MeteredApp, CountsEachDelivery) {
  test::Context context;
  test::FakeApp app;
  Metrics metrics({});
  MeteredApp metered(app, metrics);
  Webhook webhook;
  webhook.url = "https://app.example.com/status";
  EXPECT_EQ(test::run_task(context, metered.deliver(webhook)).http_status, 204);
  app.http_status = 500;
  EXPECT_EQ(test::run_task(context, metered.deliver(webhook)).http_status, 500);
  EXPECT_EQ(app.webhooks.size(), 2u);
  EXPECT_EQ(metrics.callbacks(CallbackOutcome::Answered2xx), 1u);
  EXPECT_EQ(metrics.callbacks(CallbackOutcome::Answered5xx), 1u);
}

}  // namespace
}  // namespace twindow::app
