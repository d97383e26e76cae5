// SPDX-License-Identifier: Apache-2.0
// What a restart must find again, with every backend that is not of memory.
#include <algorithm>
#include <iterator>

#include "tests/store/conformance.h"

namespace twindow::store {
namespace {

std::vector<BackendCase> durable_backends() {
  std::vector<BackendCase> durable;
  std::ranges::copy_if(kBackends, std::back_inserter(durable), &BackendCase::durable);
  return durable;
}

class Durable : public StoreTest {};

TEST_P(Durable, FindsWholeMessagesAgain) {
  Message message = draft();
  message.direction = Direction::OutboundReply;
  message.kind = MessageKind::Template;
  message.from = std::nullopt;
  message.service = ServiceSid{"MG0123456789abcdef0123456789abcdef"};
  message.media = {
      {.sid = {"ME01"}, .url = "https://cdn.example.com/a.png", .content_type = "image/png"},
      {.sid = {"ME02"}, .url = ""},
      {.sid = {"ME03"}, .url = "https://cdn.example.com/b.png"}};
  message.price = -750;
  SendOptions& options = message.options.edit();
  options.send_at = message.created;
  options.validity = std::chrono::seconds(60);
  options.fallback_from = Address{Channel::Sms, AddressForm::E164, "+15005550006"};
  options.persistent_action = {"geo:1.5,-2|Here", ""};
  options.smart_encoded = false;
  options.attempt = 3;
  options.provide_feedback = options.send_as_mms = options.obfuscate_address = true;
  options.max_price = "0.5";
  options.tags = "{}";
  message.feedback.edit() = {.confirmed = true, .created = message.created};
  message.content = ContentSid{"HX0123456789abcdef0123456789abcdef"};
  message.content_variables = R"({"1":"Zoë"})";
  message.status_callback = "";
  message.body = std::string(5000, 'x') + '\0' + "\xff not UTF-8";
  message.window = {WindowState::Unknown, kStart - 25h};
  message.num_segments = 3;
  admit(message);
  ASSERT_TRUE(run(store_->move({.sid = message.sid, .status = MessageStatus::Sent}, kStart + 2s)));
  ASSERT_TRUE(run(store_->note(message.sid, {kStart + 3s, WebhookTried{"CB1", 500, "no"}})));
  const auto late = run(store_->move(
      {.sid = message.sid, .status = MessageStatus::Queued, .error_code = 1}, kStart + 4s));
  ASSERT_TRUE(late);
  reopen();
  const auto found = run(store_->find(message.sid));
  ASSERT_TRUE(found);
  expect_equal(*found, late->message);
}

TEST_P(Durable, FindsListsInTheirOrderAgain) {
  admit_some(5);
  const auto first = run(store_->list({}, {.limit = 2}));
  reopen();
  EXPECT_EQ(bodies({}, {.limit = 2, .older_than = first->messages.back().sid}),
            (Bodies{"message 3", "message 2"}));
  EXPECT_EQ(*run(store_->count({})), 5u);
  admit(draft());
  EXPECT_EQ(bodies({}, {.limit = 2}), (Bodies{"message 6", "message 5"}));
  EXPECT_EQ(*run(store_->count({})), 6u);
}

TEST_P(Durable, RefusesAKnownSidAfterARestart) {
  const Message message = draft();
  admit(message);
  reopen();
  EXPECT_EQ(run(store_->admit(message, [](Message&, const ports::Facts&) {})).error().code,
            Errc::Conflict);
}

TEST_P(Durable, FindsWindowsAgain) {
  Window closed{.key = window_key(kShop, kAna),
                .last_inbound = kStart,
                .user_spelling = kAna.text,
                .closed = true};
  ASSERT_TRUE(run(store_->put(closed)));
  ASSERT_TRUE(run(store_->receive(draft_from(kBen), {})));
  reopen();
  const auto all = run(store_->list());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[1], closed);
  EXPECT_TRUE(run(store_->extend(closed.key, kAna, kStart))->closed) << "an old message";
  EXPECT_FALSE(run(store_->extend(closed.key, kAna, kStart + 1ms))->closed);
  std::optional<Window> seen;
  admit(draft(kBen), [&](Message&, const ports::Facts& facts) { seen = facts.window; });
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->user_spelling, kBen.text);
}

TEST_P(Durable, CountsOnFromTheCountersOfAChange) {
  store_->raise_counter("sids", 41);
  store_->raise_counter("sids", 42);
  store_->raise_counter("webhooks", 7);
  admit(draft());
  store_->raise_counter("webhooks", 8);  // goes with no change any more
  reopen();
  EXPECT_EQ(store_->counter("sids"), 42u);
  EXPECT_EQ(store_->counter("webhooks"), 7u);
  store_->raise_counter("sids", 40);
  admit(draft());
  reopen();
  EXPECT_EQ(store_->counter("sids"), 42u);
}

TEST_P(Durable, CountersGoWithAChangeThatChangesNothing) {
  store_->raise_counter("sids", 3);
  EXPECT_FALSE(run(store_->done("CB1")));
  reopen();
  EXPECT_EQ(store_->counter("sids"), 3u);
}

TEST_P(Durable, FindsQueuedWebhooksAgain) {
  const auto webhook = [&](const std::string& id) {
    return Webhook{.id = id,
                   .account = kAccount,
                   .message = {"SM1"},
                   .url = "https://app.example.com/status",
                   .auth_token = {"0123456789abcdef0123456789abcdef"},
                   .idempotency_token = "token of " + id,
                   .news = StatusNews{draft()}};
  };
  for (const char* id : {"CB3", "CB1", "CB2"}) {
    ASSERT_TRUE(run(store_->enqueue(webhook(id), kStart)));
  }
  ASSERT_TRUE(run(store_->done("CB1")));
  ASSERT_TRUE(run(store_->tried("CB2", kStart + 4s)));
  reopen();
  const auto queued = run(store_->pending(0, 10));
  ASSERT_EQ(queued->size(), 2u);
  EXPECT_EQ((*queued)[0].webhook.id, "CB3");
  EXPECT_EQ((*queued)[1].webhook.id, "CB2");
  EXPECT_EQ((*queued)[1].webhook.idempotency_token, "token of CB2");
  EXPECT_EQ((*queued)[1].tries, 1u);
  EXPECT_EQ((*queued)[1].due, kStart + 4s);
}

TEST_P(Durable, ClearForgetsForGood) {
  admit_some(2);
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAna), kAna, kStart)));
  store_->raise_counter("sids", 9);
  admit(draft());
  ASSERT_TRUE(run(store_->clear()));
  reopen();
  EXPECT_EQ(bodies({}), Bodies{});
  EXPECT_TRUE(run(store_->list())->empty());
  EXPECT_EQ(store_->counter("sids"), 0u);
}

TEST_P(Durable, SaysWhichAccountsThereAre) {
  EXPECT_TRUE(backend_->accounts().empty());
  admit(draft());
  const auto other = backend_->open_account(kOtherAccount);
  ASSERT_TRUE(run(other->extend(window_key(kShop, kAna), kAna, kStart)));
  reopen();
  EXPECT_EQ(backend_->accounts(), (std::vector<AccountSid>{kAccount, kOtherAccount}));
}

TEST_P(Durable, KeepsLessOnceTheBoundIsLower) {
  admit_some(10);
  retention_.messages_max = 3;
  reopen();
  admit(draft());
  EXPECT_EQ(bodies({}), (Bodies{"message 11", "message 10", "message 9"}));
}

TEST_P(Durable, IsClosedOnce) {
  backend_->close();
  EXPECT_EQ(run(store_->find(MessageSid{"SM1"})).error().code, Errc::Unavailable);
  EXPECT_EQ(run(store_->clear()).error().detail, "the store is closed");
  backend_->close();
}

INSTANTIATE_TEST_SUITE_P(Backends, Durable, testing::ValuesIn(durable_backends()), test::case_name);

}  // namespace
}  // namespace twindow::store
