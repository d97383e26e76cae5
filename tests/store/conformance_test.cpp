// SPDX-License-Identifier: Apache-2.0
// What every backend must do. A new one adds a row to the instantiation at the end, and nothing
// else in this file.
#include <gtest/gtest.h>

#include "twindow/store/open_store.h"

#include "tests/support/case_name.h"
#include "tests/support/run_task.h"

namespace twindow::store {
namespace {

using namespace std::chrono_literals;

struct Backend {
  std::string_view name;
  std::function<std::unique_ptr<ports::AccountStore>()> open;
};

const Time kStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + 9h;
const Address kShop = *parse_from("whatsapp:+14155550100");
const Address kAna = *parse_to("whatsapp:+5215512345678");
const Address kBen = *parse_to("whatsapp:+15558675310");

class Conformance : public testing::TestWithParam<Backend> {
 protected:
  template <class T>
  auto run(Task<T> task) {
    return test::run_task(context_, std::move(task));
  }

  Message draft(Address to = kAna) {
    const std::string number = std::to_string(++drafts_);
    Message message;
    message.sid.text = "SM" + std::string(32 - number.size(), '0') + number;
    message.account.text = "AC0123456789abcdef0123456789abcdef";
    message.from = kShop;
    message.sender = kShop;
    message.to = std::move(to);
    message.body = "message " + number;
    message.created = message.updated = kStart + std::chrono::seconds(drafts_);
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
  std::vector<std::string> bodies(MessageFilter filter, PageRequest page = {}) {
    std::vector<std::string> found;
    const auto listed = run(store_->list(std::move(filter), std::move(page)));
    for (const Message& message : listed->messages) found.push_back(message.body);
    return found;
  }

  boost::asio::io_context context_;
  std::unique_ptr<ports::AccountStore> store_ = GetParam().open();
  int drafts_ = 0;
};

using Bodies = std::vector<std::string>;

TEST_P(Conformance, GivesBackEveryFieldThatWasStored) {
  Message message = draft();
  message.direction = Direction::OutboundReply;
  message.kind = MessageKind::Freeform;
  message.service = ServiceSid{"MG0123456789abcdef0123456789abcdef"};
  message.media_urls = {"https://cdn.example.com/a.png", "https://cdn.example.com/b.png"};
  message.content = ContentSid{"HX0123456789abcdef0123456789abcdef"};
  message.content_variables = R"({"1":"Zoë"})";
  message.status_callback = "https://app.example.com/status";
  message.body = std::string("nul \0 and Zoë \xf0\x9f\x98\x80", 19);
  message.window = {WindowState::Closed, kStart - 25h};
  message.num_segments = 3;
  admit(message);
  const auto found = run(store_->find(message.sid));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->direction, message.direction);
  EXPECT_EQ(found->kind, message.kind);
  EXPECT_EQ(found->from, message.from);
  EXPECT_EQ(found->sender, message.sender);
  EXPECT_EQ(found->to, message.to);
  EXPECT_EQ(found->service, message.service);
  EXPECT_EQ(found->body, message.body);
  EXPECT_EQ(found->media_urls, message.media_urls);
  EXPECT_EQ(found->content, message.content);
  EXPECT_EQ(found->content_variables, message.content_variables);
  EXPECT_EQ(found->status_callback, message.status_callback);
  EXPECT_EQ(found->created, message.created);
  EXPECT_EQ(found->sent, message.sent);
  EXPECT_EQ(found->window, message.window);
  EXPECT_EQ(found->num_segments, 3);
}

TEST_P(Conformance, AdmitsASidOnce) {
  Message message = draft();
  admit(message);
  message.body = "another";
  const auto again = run(store_->admit(message, [](Message&, const ports::Facts&) {}));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Errc::Conflict);
  EXPECT_EQ(run(store_->find(message.sid))->body, "message 1");
}

TEST_P(Conformance, TheJudgeSeesTheWindowOfThePairAndItsWordIsStored) {
  const WindowKey key = window_key(kShop, kAna);
  ASSERT_TRUE(run(store_->extend(key, kAna, kStart - 1h)));
  std::optional<Window> seen;
  Time now{};
  Message message = draft(*parse_to("whatsapp:+525512345678"));  // another spelling
  const Message stored = admit(message, [&](Message& m, const ports::Facts& facts) {
    seen = facts.window;
    now = facts.now;
    m.status = MessageStatus::Accepted;
  });
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->last_inbound, kStart - 1h);
  EXPECT_EQ(now, message.created);
  EXPECT_EQ(stored.status, MessageStatus::Accepted);
  EXPECT_EQ(run(store_->find(message.sid))->status, MessageStatus::Accepted);
}

TEST_P(Conformance, TheJudgeSeesNoWindowWhereThereIsNone) {
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAna), kAna, kStart)));
  bool seen = true;
  admit(draft(kBen), [&](Message&, const ports::Facts& facts) { seen = facts.window.has_value(); });
  EXPECT_FALSE(seen);
}

TEST_P(Conformance, ATimelineBeginsWithTheFirstStatus) {
  const Message stored = admit(draft());
  const std::vector<TimelineEntry> want{{stored.created, StatusReached{MessageStatus::Queued}}};
  EXPECT_EQ(stored.timeline, want);
}

TEST_P(Conformance, MovesForwardsOnly) {
  const MessageSid sid = admit(draft()).sid;
  const Time t = kStart + 1min;
  auto moved = run(store_->move({.sid = sid, .status = MessageStatus::Delivered}, t));
  ASSERT_TRUE(moved);
  EXPECT_TRUE(moved->moved);
  EXPECT_EQ(moved->message.sent, t) << "what is delivered was sent";
  EXPECT_EQ(moved->message.updated, t);
  moved = run(store_->move({.sid = sid, .status = MessageStatus::Sent}, t + 1s));
  ASSERT_TRUE(moved);
  EXPECT_FALSE(moved->moved);
  EXPECT_EQ(moved->message.status, MessageStatus::Delivered);
  EXPECT_EQ(moved->message.updated, t);
  ASSERT_EQ(moved->message.timeline.size(), 3u);
  EXPECT_FALSE(std::get<StatusReached>(moved->message.timeline[2].what).moved);
}

TEST_P(Conformance, AMoveSetsTheErrorAndTheSender) {
  Message message = draft();
  message.from.reset();
  admit(message);
  const auto moved = run(store_->move(
      {.sid = message.sid, .status = MessageStatus::Undelivered, .error_code = 63016}, kStart));
  ASSERT_TRUE(moved);
  EXPECT_EQ(moved->message.error_code, 63016);
  EXPECT_EQ(moved->message.from, kShop);
  EXPECT_EQ(moved->message.sent, std::nullopt) << "it never left";
}

TEST_P(Conformance, WhatIsNotThereIsNotFound) {
  const MessageSid nobody{"SMffffffffffffffffffffffffffffffff"};
  EXPECT_EQ(run(store_->find(nobody)).error().code, Errc::NotFound);
  EXPECT_EQ(run(store_->move({.sid = nobody, .status = MessageStatus::Sent}, kStart)).error().code,
            Errc::NotFound);
  EXPECT_EQ(run(store_->note(nobody, {kStart, WebhookTried{}})).error().code, Errc::NotFound);
  EXPECT_EQ(run(store_->erase(window_key(kShop, kBen))).error().code, Errc::NotFound);
  EXPECT_EQ(run(store_->list({}, {.older_than = nobody})).error().code, Errc::InvalidPageToken);
  EXPECT_EQ(run(store_->list({}, {.newer_than = nobody})).error().code, Errc::InvalidPageToken);
}

TEST_P(Conformance, NotesGoToTheEndOfTheTimeline) {
  const MessageSid sid = admit(draft()).sid;
  const TimelineEntry entry{kStart + 1h, WebhookTried{"CB1", 500, "the app answered 500"}};
  ASSERT_TRUE(run(store_->note(sid, entry)));
  EXPECT_EQ(run(store_->find(sid))->timeline.back(), entry);
}

TEST_P(Conformance, ListsNewestFirst) {
  admit_some(3);
  EXPECT_EQ(bodies({}), (Bodies{"message 3", "message 2", "message 1"}));
}

TEST_P(Conformance, PagesBothWays) {
  admit_some(5);
  const auto first = run(store_->list({}, {.limit = 2}));
  ASSERT_TRUE(first);
  ASSERT_EQ(first->messages.size(), 2u);
  EXPECT_TRUE(first->more_older);
  EXPECT_FALSE(first->more_newer);
  const auto second = run(store_->list({}, {.limit = 2, .older_than = first->messages.back().sid}));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->messages.front().body, "message 3");
  EXPECT_TRUE(second->more_older);
  EXPECT_TRUE(second->more_newer);
  const auto last = run(store_->list({}, {.limit = 2, .older_than = second->messages.back().sid}));
  ASSERT_TRUE(last);
  ASSERT_EQ(last->messages.size(), 1u);
  EXPECT_FALSE(last->more_older);
  const auto back = run(store_->list({}, {.limit = 2, .newer_than = second->messages.front().sid}));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->messages.front().body, "message 5");
  EXPECT_FALSE(back->more_newer);
  EXPECT_TRUE(back->more_older);
}

TEST_P(Conformance, APageIsNotMovedByNewMessages) {
  admit_some(4);
  const auto first = run(store_->list({}, {.limit = 2}));
  admit_some(2);
  EXPECT_EQ(bodies({}, {.limit = 2, .older_than = first->messages.back().sid}),
            (Bodies{"message 2", "message 1"}));
}

TEST_P(Conformance, FiltersByEveryPart) {
  admit(draft());
  admit(draft(kBen));
  Message inbound = draft();
  inbound.direction = Direction::Inbound;
  inbound.status = MessageStatus::Received;
  inbound.sent = kStart + 2h;
  admit(inbound);
  const MessageSid failed = admit(draft()).sid;
  ASSERT_TRUE(run(
      store_->move({.sid = failed, .status = MessageStatus::Failed, .error_code = 63016}, kStart)));

  EXPECT_EQ(bodies({.to = kBen.text}), (Bodies{"message 2"}));
  EXPECT_EQ(bodies({.from = "whatsapp:+14155550199"}), Bodies{});
  EXPECT_EQ(bodies({.words = {"867531", "message"}}), (Bodies{"message 2"}));
  EXPECT_EQ(bodies({.to_contains = "867531"}), (Bodies{"message 2"}));
  EXPECT_EQ(bodies({.from_contains = "867531"}), Bodies{});
  EXPECT_EQ(bodies({.to_user = "+525512345678"}), (Bodies{"message 4", "message 3", "message 1"}));
  EXPECT_EQ(bodies({.from_user = "+14155550100", .outbound_only = true}),
            (Bodies{"message 4", "message 2", "message 1"}));
  EXPECT_EQ(bodies({.sent_from = kStart + 2h}), (Bodies{"message 3"}));
  EXPECT_EQ(bodies({.sent_before = kStart + 2h}), Bodies{});
  EXPECT_EQ(bodies({.created_from = kStart + 3s}), (Bodies{"message 4", "message 3"}));
  EXPECT_EQ(bodies({.created_before = kStart + 2s}), (Bodies{"message 1"}));
  EXPECT_EQ(bodies({.body_contains = "age 2"}), (Bodies{"message 2"}));
  EXPECT_EQ(bodies({.status = MessageStatus::Failed}), (Bodies{"message 4"}));
  EXPECT_EQ(bodies({.direction = Direction::Inbound}), (Bodies{"message 3"}));
  EXPECT_EQ(bodies({.error_code = 63016}), (Bodies{"message 4"}));
  EXPECT_EQ(bodies({.unfinished_only = true}), (Bodies{"message 2", "message 1"}));
  EXPECT_EQ(*run(store_->count({.unfinished_only = true})), 2u);
}

TEST_P(Conformance, AFilteredPageSaysTrulyWhetherThereIsMore) {
  admit(draft(kBen));
  admit_some(3);
  const auto page = run(store_->list({.to = kAna.text}, {.limit = 3}));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->messages.size(), 3u);
  EXPECT_FALSE(page->more_older) << "the older one does not match";
}

TEST_P(Conformance, AWindowIsExtendedAndNeverShortened) {
  const WindowKey key = window_key(kShop, kAna);
  EXPECT_EQ(*run(store_->find(key)), std::nullopt);
  EXPECT_EQ(run(store_->extend(key, kAna, kStart))->last_inbound, kStart);
  EXPECT_EQ(run(store_->extend(key, kAna, kStart + 5h))->last_inbound, kStart + 5h);
  EXPECT_EQ(run(store_->extend(key, kAna, kStart + 1h))->last_inbound, kStart + 5h);
  EXPECT_EQ((*run(store_->find(key)))->last_inbound, kStart + 5h);
}

TEST_P(Conformance, AWindowRemembersTheNewestSpelling) {
  const WindowKey key = window_key(kShop, kAna);
  const Address other = *parse_to("whatsapp:+525512345678");
  ASSERT_TRUE(run(store_->extend(key, kAna, kStart)));
  ASSERT_TRUE(run(store_->extend(key, other, kStart + 1s)));
  EXPECT_EQ(run(store_->extend(key, kAna, kStart - 1s))->user_spelling, other.text);
}

TEST_P(Conformance, AWindowClosedByHandStaysSoForAnOlderMessage) {
  Window window{.key = window_key(kShop, kAna),
                .last_inbound = kStart,
                .user_spelling = kAna.text,
                .closed = true};
  ASSERT_TRUE(run(store_->put(window)));
  EXPECT_TRUE(run(store_->extend(window.key, kAna, kStart))->closed);
  EXPECT_FALSE(run(store_->extend(window.key, kAna, kStart + 1ms))->closed);
}

TEST_P(Conformance, ListsWindowsBySenderAndUser) {
  const Address other_shop = *parse_from("whatsapp:+14155550101");
  ASSERT_TRUE(run(store_->extend(window_key(other_shop, kAna), kAna, kStart)));
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAna), kAna, kStart)));
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kBen), kBen, kStart)));
  std::vector<WindowKey> keys;
  for (const Window& window : *run(store_->list())) keys.push_back(window.key);
  const std::vector<WindowKey> want{window_key(kShop, kBen), window_key(kShop, kAna),
                                    window_key(other_shop, kAna)};
  EXPECT_EQ(keys, want);
  ASSERT_TRUE(run(store_->erase(window_key(kShop, kAna))));
  EXPECT_EQ(run(store_->list())->size(), 2u);
}

TEST_P(Conformance, ClearForgetsAll) {
  const MessageSid sid = admit_some(2);
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAna), kAna, kStart)));
  ASSERT_TRUE(run(store_->clear()));
  EXPECT_EQ(run(store_->find(sid)).error().code, Errc::NotFound);
  EXPECT_TRUE(run(store_->list())->empty());
  EXPECT_EQ(bodies({}), Bodies{});
}

INSTANTIATE_TEST_SUITE_P(Backends, Conformance,
                         testing::Values(Backend{"Memory", [] { return open_memory_store(1000); }}),
                         test::case_name);

}  // namespace
}  // namespace twindow::store
