// SPDX-License-Identifier: Apache-2.0
// What every backend must do with the webhooks that an app does not have yet.
#include "tests/store/conformance.h"

namespace twindow::store {
namespace {

class Queue : public StoreTest {
 protected:
  Webhook status_webhook(const std::string& id, MessageSid message = {"SM1"}) {
    Message told = draft();
    told.sid = message;
    return {.id = id,
            .account = kAccount,
            .message = std::move(message),
            .url = "https://app.example.com/status#a",
            .auth_token = {"0123456789abcdef0123456789abcdef"},
            .idempotency_token = "b8a4f1e2-0000-4000-8000-000000000001",
            .news = StatusNews{std::move(told)}};
  }
  void enqueue(const std::string& id, MessageSid message = {"SM1"}) {
    ASSERT_TRUE(run(store_->enqueue(status_webhook(id, std::move(message)), kStart)));
  }
  std::vector<ports::QueuedWebhook> pending(std::uint64_t after = 0, std::size_t limit = 100) {
    return *run(store_->pending(after, limit));
  }
  std::vector<std::string> ids(std::uint64_t after = 0, std::size_t limit = 100) {
    std::vector<std::string> found;
    for (const auto& queued : pending(after, limit)) found.push_back(queued.webhook.id);
    return found;
  }
};

using Ids = std::vector<std::string>;

TEST_P(Queue, GivesBackStatusNewsWithoutTheToken) {
  Webhook webhook = status_webhook("CB1");
  Message& told = std::get<StatusNews>(webhook.news).message;
  told.status = MessageStatus::Undelivered;
  told.error_code = 63016;
  told.media = {{.sid = {"ME01"}, .url = "https://cdn.example.com/a.png"}, {}};
  told.service = ServiceSid{"MG0123456789abcdef0123456789abcdef"};
  told.timeline = {{kStart, StatusReached{MessageStatus::Queued}},
                   {kStart + 2s, StatusReached{MessageStatus::Undelivered, 63016}}};
  ASSERT_TRUE(run(store_->enqueue(webhook, kStart + 1s)));
  const auto queued = pending();
  ASSERT_EQ(queued.size(), 1u);
  EXPECT_EQ(queued[0].tries, 0u);
  EXPECT_EQ(queued[0].due, kStart + 1s);
  const Webhook& kept = queued[0].webhook;
  EXPECT_EQ(kept.id, "CB1");
  EXPECT_EQ(kept.account, kAccount);
  EXPECT_EQ(kept.message, webhook.message);
  EXPECT_EQ(kept.url, webhook.url);
  EXPECT_EQ(kept.idempotency_token, webhook.idempotency_token);
  EXPECT_EQ(kept.auth_token.text, "");
  ASSERT_TRUE(std::holds_alternative<StatusNews>(kept.news));
  expect_equal(std::get<StatusNews>(kept.news).message, told);
}

TEST_P(Queue, GivesBackInboundNews) {
  Webhook webhook = status_webhook("CB1");
  const std::string body("nul \0 and \xf0\x9f\x98\x80", 14);
  webhook.news = InboundNews{{.account = kAccount,
                              .sid = {"SM1"},
                              .from = kAna,
                              .to = kShop,
                              .body = body,
                              .extra = {{"NumMedia", "0"}, {"ProfileName", "Zoë"}, {"Empty", ""}}}};
  ASSERT_TRUE(run(store_->enqueue(webhook, kStart)));
  const auto queued = pending();
  ASSERT_EQ(queued.size(), 1u);
  ASSERT_TRUE(std::holds_alternative<InboundNews>(queued[0].webhook.news));
  const InboundMessage& kept = std::get<InboundNews>(queued[0].webhook.news).message;
  const InboundMessage& want = std::get<InboundNews>(webhook.news).message;
  EXPECT_EQ(kept.account, want.account);
  EXPECT_EQ(kept.sid, want.sid);
  EXPECT_EQ(kept.from, want.from);
  EXPECT_EQ(kept.to, want.to);
  EXPECT_EQ(kept.body, want.body);
  EXPECT_EQ(kept.extra, want.extra);
}

TEST_P(Queue, GivesBackRelayedNews) {
  const RelayedNews want{.inbound = true,
                         .params = {{"B", "2"}, {"A", ""}, {"B", "1"}, {"Zoë", "\xf0\x9f\x98\x80"}},
                         .cookie = "a=b"};
  Webhook webhook = status_webhook("CB1");
  webhook.news = want;
  ASSERT_TRUE(run(store_->enqueue(webhook, kStart)));
  webhook.id = "CB2";
  webhook.news = RelayedNews{};
  ASSERT_TRUE(run(store_->enqueue(webhook, kStart)));
  const auto queued = pending();
  ASSERT_EQ(queued.size(), 2u);
  ASSERT_TRUE(std::holds_alternative<RelayedNews>(queued[0].webhook.news));
  const auto& kept = std::get<RelayedNews>(queued[0].webhook.news);
  EXPECT_TRUE(kept.inbound);
  EXPECT_EQ(kept.params, want.params);
  EXPECT_EQ(kept.cookie, want.cookie);
  EXPECT_FALSE(std::get<RelayedNews>(queued[1].webhook.news).inbound);
}

TEST_P(Queue, KeepsTheOrderInWhichTheyCame) {
  enqueue("CB9", {"SM1"});
  enqueue("CB1", {"SM2"});
  enqueue("CB5", {"SM1"});
  EXPECT_EQ(ids(), (Ids{"CB9", "CB1", "CB5"}));
}

TEST_P(Queue, ATryChangesNoOrder) {
  enqueue("CB1");
  enqueue("CB2");
  ASSERT_TRUE(run(store_->tried("CB1", kStart + 2s)));
  ASSERT_TRUE(run(store_->tried("CB1", kStart + 6s)));
  const auto queued = pending();
  ASSERT_EQ(queued.size(), 2u);
  EXPECT_EQ(queued[0].webhook.id, "CB1");
  EXPECT_EQ(queued[0].tries, 2u);
  EXPECT_EQ(queued[0].due, kStart + 6s);
  EXPECT_EQ(queued[1].tries, 0u);
}

TEST_P(Queue, WhatIsDoneIsGone) {
  for (const char* id : {"CB1", "CB2", "CB3"}) enqueue(id);
  ASSERT_TRUE(run(store_->done("CB2")));
  EXPECT_EQ(ids(), (Ids{"CB1", "CB3"}));
  enqueue("CB4");
  EXPECT_EQ(ids(), (Ids{"CB1", "CB3", "CB4"}));
}

TEST_P(Queue, IsReadPageByPage) {
  for (const char* id : {"CB1", "CB2", "CB3", "CB4", "CB5"}) enqueue(id);
  const auto first = pending(0, 2);
  ASSERT_EQ(first.size(), 2u);
  EXPECT_LT(first[0].place, first[1].place);
  ASSERT_TRUE(run(store_->done("CB2")));
  EXPECT_EQ(ids(first[1].place, 2), (Ids{"CB3", "CB4"})) << "also behind one that is gone";
  EXPECT_EQ(ids(pending().back().place, 2), Ids{});
}

TEST_P(Queue, GivesNoPlaceTwice) {
  enqueue("CB1");
  enqueue("CB2");
  const std::uint64_t last = pending().back().place;
  ASSERT_TRUE(run(store_->done("CB2")));
  enqueue("CB3");
  EXPECT_EQ(ids(last), Ids{"CB3"}) << "for who has read up to the one that is gone";
  for (const char* id : {"CB1", "CB3"}) ASSERT_TRUE(run(store_->done(id)));
  enqueue("CB4");
  EXPECT_EQ(ids(last), Ids{"CB4"});
}

TEST_P(Queue, TakesAnIdOnce) {
  enqueue("CB1");
  const auto again = run(store_->enqueue(status_webhook("CB1", {"SM2"}), kStart));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::Conflict);
  EXPECT_EQ(pending()[0].webhook.message.text, "SM1");
}

TEST_P(Queue, TakesNothingAgainThatIsDone) {
  enqueue("CB1");
  ASSERT_TRUE(run(store_->done("CB1")));
  const auto again = run(store_->enqueue(status_webhook("CB1"), kStart));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::Conflict);
  EXPECT_EQ(ids(), Ids{});
  ASSERT_TRUE(run(store_->clear()));
  enqueue("CB1");
  EXPECT_EQ(ids(), Ids{"CB1"});
}

TEST_P(Queue, WhatIsNotThereIsNotFound) {
  EXPECT_EQ(run(store_->tried("CB1", kStart)).error().code, Errc::NotFound);
  EXPECT_EQ(run(store_->done("CB1")).error().code, Errc::NotFound);
  EXPECT_TRUE(pending().empty());
}

TEST_P(Queue, IsTheAccountsOwn) {
  enqueue("CB1");
  const auto other = backend_->open_account(kOtherAccount);
  EXPECT_TRUE(run(other->pending(0, 10))->empty());
  EXPECT_EQ(run(other->done("CB1")).error().code, Errc::NotFound);
  Webhook same = status_webhook("CB1");
  same.account = kOtherAccount;
  ASSERT_TRUE(run(other->enqueue(same, kStart)));
  EXPECT_EQ((*run(other->pending(0, 10)))[0].webhook.account, kOtherAccount);
}

TEST_P(Queue, IsClearedWithTheAccount) {
  enqueue("CB1");
  ASSERT_TRUE(run(store_->clear()));
  EXPECT_EQ(ids(), Ids{});
  enqueue("CB1");
  EXPECT_EQ(ids(), (Ids{"CB1"}));
}

INSTANTIATE_TEST_SUITE_P(Backends, Queue, testing::ValuesIn(kBackends), test::case_name);

}  // namespace
}  // namespace twindow::store
