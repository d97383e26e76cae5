// SPDX-License-Identifier: Apache-2.0
// What every backend must do with messages and windows.
#include "tests/store/conformance.h"

#include "twindow/base/random.h"

namespace twindow::store {
namespace {

class Conformance : public StoreTest {};

TEST_P(Conformance, GivesBackEveryFieldThatWasStored) {
  Message message = draft();
  message.direction = Direction::OutboundReply;
  message.kind = MessageKind::Freeform;
  message.service = ServiceSid{"MG0123456789abcdef0123456789abcdef"};
  message.media = {{.sid = {"ME01"}, .url = "https://cdn.example.com/a.png"},
                   {.sid = {"ME02"}, .url = "https://cdn.example.com/b.png"}};
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
  EXPECT_EQ(found->media, message.media);
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

// Sent in another order than made, on days with and without others, or not at all.
TEST_P(Conformance, PagesByTheTimeOfSendingMissNothing) {
  Random draw(63016);
  constexpr int kMessages = 200;
  std::vector<std::pair<std::string, std::optional<Time>>> made;  // the newest first
  for (int i = 0; i < kMessages; ++i) {
    Message message = draft();
    if (draw.below(5) != 0) {
      message.sent = kStart + std::chrono::hours(static_cast<int>(draw.below(24 * 30)));
    }
    message = admit(message);
    made.emplace(made.begin(), message.body, message.sent);
  }
  for (int i = 0; i < 100; ++i) {
    const Time from = kStart + std::chrono::hours(static_cast<int>(draw.below(24 * 40)));
    const Time before = from + std::chrono::hours(static_cast<int>(draw.below(24 * 5)));
    MessageFilter filter;
    if (i % 3 != 0) filter.sent_from = from;
    if (i % 3 != 1) filter.sent_before = before;
    Bodies want;
    for (const auto& [body, sent] : made) {
      const bool late = !filter.sent_from || sent >= *filter.sent_from;
      const bool early = !filter.sent_before || sent < *filter.sent_before;
      if (sent && late && early) want.push_back(body);
    }
    Bodies got;
    PageRequest page{.limit = 7};
    for (bool more = true; more;) {
      const auto found = run(store_->list(filter, page));
      ASSERT_TRUE(found);
      for (const Message& message : found->messages) got.push_back(message.body);
      more = found->more_older;
      ASSERT_FALSE(more && found->messages.empty());
      if (more) page.older_than = found->messages.back().sid;
    }
    EXPECT_EQ(got, want) << i;
    EXPECT_EQ(*run(store_->count(filter)), want.size());
  }
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

TEST_P(Conformance, AWindowThatIsKnownAtOnceIsTheOneThatIsFound) {
  const WindowKey key = window_key(kShop, kAna);
  const auto agree = [&](const char* when) {
    const auto before = store_->find_now(key);
    const auto found = run(store_->find(key));
    ASSERT_TRUE(found) << when;
    if (before) {
      EXPECT_EQ(before->there, *found) << when;
    }
    const auto after = store_->find_now(key);
    ASSERT_TRUE(after) << when << ": what was just read is known";
    EXPECT_EQ(after->there, *found) << when;
  };
  agree("in the beginning");
  ASSERT_TRUE(run(store_->extend(key, kAna, kStart)));
  agree("opened");
  ASSERT_TRUE(run(store_->extend_all({{key, kAna, kStart + 1h}})));
  agree("extended with others");
  ASSERT_TRUE(run(store_->put({.key = key, .last_inbound = kStart, .user_spelling = "ana"})));
  agree("as somebody has said");
  ASSERT_TRUE(run(store_->erase(key)));
  agree("gone");
  ASSERT_TRUE(run(store_->extend(key, kAna, kStart)));
  ASSERT_TRUE(run(store_->clear()));
  agree("all is gone");
}

TEST_P(Conformance, ManyWindowsAreExtendedAtOnce) {
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAna), kAna, kStart)));
  const auto all = run(store_->extend_all({{window_key(kShop, kBen), kBen, kStart + 1h},
                                           {window_key(kShop, kAna), kAna, kStart - 1h},
                                           {window_key(kShop, kBen), kBen, kStart + 2h}}));
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 3u);
  EXPECT_EQ((*all)[0].before, std::nullopt);
  EXPECT_EQ((*all)[0].now.last_inbound, kStart + 1h);
  EXPECT_EQ((*all)[1].before, (*all)[1].now) << "older than what is known";
  EXPECT_EQ((*all)[2].before, (*all)[0].now);
  EXPECT_EQ((*run(store_->find(window_key(kShop, kBen))))->last_inbound, kStart + 2h);
  EXPECT_TRUE(run(store_->extend_all({}))->empty());
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

TEST_P(Conformance, AnotherAccountIsAnotherWorld) {
  const auto other = backend_->open_account(kOtherAccount);
  const MessageSid sid = admit(draft()).sid;
  ASSERT_TRUE(run(store_->extend(window_key(kShop, kAna), kAna, kStart)));
  EXPECT_EQ(run(other->find(sid)).error().code, Errc::NotFound);
  EXPECT_EQ(run(other->list({}, {.older_than = sid})).error().code, Errc::InvalidPageToken);
  EXPECT_TRUE(run(other->list({}, {}))->messages.empty());
  EXPECT_TRUE(run(other->list())->empty());
  EXPECT_EQ(*run(other->count({})), 0u);
  Message same = draft();
  same.sid = sid;
  same.account = kOtherAccount;
  EXPECT_TRUE(run(other->admit(same, [](Message&, const ports::Facts&) {})));
  ASSERT_TRUE(run(other->clear()));
  EXPECT_TRUE(is_there(sid));
  EXPECT_EQ(run(store_->list())->size(), 1u);
}

TEST_P(Conformance, KeepsAWholeTimelineInOrder) {
  const MessageSid sid = admit(draft()).sid;
  const auto at = [](int seconds) { return kStart + std::chrono::seconds(seconds); };
  const auto move = [&](MessageStatus status, std::optional<int> code, int when) {
    return run(store_->move({.sid = sid, .status = status, .error_code = code}, at(when)))->moved;
  };
  EXPECT_TRUE(move(MessageStatus::Sent, {}, 2));
  ASSERT_TRUE(run(store_->note(sid, {at(3), WebhookTried{"CB1", 0, "no answer"}})));
  EXPECT_TRUE(move(MessageStatus::Undelivered, 63016, 4));
  EXPECT_FALSE(move(MessageStatus::Delivered, {}, 5)) << "late news";
  ASSERT_TRUE(run(store_->note(sid, {at(6), WebhookTried{"CB2", 200, ""}})));
  const std::vector<TimelineEntry> want{
      {at(1), StatusReached{MessageStatus::Queued}},
      {at(2), StatusReached{MessageStatus::Sent}},
      {at(3), WebhookTried{"CB1", 0, "no answer"}},
      {at(4), StatusReached{MessageStatus::Undelivered, 63016}},
      {at(5), StatusReached{MessageStatus::Delivered, {}, false}},
      {at(6), WebhookTried{"CB2", 200, ""}},
  };
  const auto found = run(store_->find(sid));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->timeline, want);
  EXPECT_EQ(found->status, MessageStatus::Undelivered);
  EXPECT_EQ(found->error_code, 63016);
  EXPECT_EQ(found->updated, at(4)) << "late news and notes change nothing";
  EXPECT_EQ(found->sent, at(2));
  EXPECT_EQ(run(store_->list({}, {}))->messages[0].timeline, want) << "a list has it too";
}

TEST_P(Conformance, LateNewsMovesNoMessageIntoAnotherList) {
  const MessageSid sid = admit(draft()).sid;
  ASSERT_TRUE(run(
      store_->move({.sid = sid, .status = MessageStatus::Failed, .error_code = 30003}, kStart)));
  ASSERT_TRUE(run(store_->move({.sid = sid, .status = MessageStatus::Sent}, kStart)));
  EXPECT_EQ(bodies({.status = MessageStatus::Failed}), (Bodies{"message 1"}));
  EXPECT_EQ(bodies({.status = MessageStatus::Sent}), Bodies{});
  EXPECT_EQ(bodies({.error_code = 30003}), (Bodies{"message 1"}));
  EXPECT_EQ(bodies({.unfinished_only = true}), Bodies{});
}

TEST_P(Conformance, AMoveGivesTheSenderThatAServiceChose) {
  Message message = draft();
  message.from.reset();
  admit(message);
  EXPECT_EQ(bodies({.from = kShop.text}), Bodies{});
  EXPECT_EQ(bodies({.from_user = "+14155550100"}), (Bodies{"message 1"})) << "it is known already";
  ASSERT_TRUE(run(store_->move({.sid = message.sid, .status = MessageStatus::Sent}, kStart)));
  EXPECT_EQ(bodies({.from = kShop.text}), (Bodies{"message 1"}));
}

TEST_P(Conformance, PagesOfFilteredListsMeetWithoutGapOrRepeat) {
  for (int i = 0; i < 12; ++i) admit(draft(i % 3 == 0 ? kBen : kAna));
  const MessageFilter filter{.to = kAna.text};
  Bodies all;
  PageRequest page{.limit = 3};
  for (bool more = true; more;) {
    const auto part = run(store_->list(filter, page));
    ASSERT_TRUE(part);
    ASSERT_FALSE(part->messages.empty());
    for (const Message& message : part->messages) all.push_back(message.body);
    EXPECT_EQ(part->more_newer, page.older_than.has_value());
    page.older_than = part->messages.back().sid;
    more = part->more_older;
  }
  EXPECT_EQ(all, bodies(filter));
  EXPECT_EQ(all.size(), 8u);
}

TEST_P(Conformance, APageTokenMayBeAMessageThatDoesNotMatch) {
  admit(draft());
  const MessageSid between = admit(draft(kBen)).sid;
  admit(draft());
  const MessageFilter filter{.to = kAna.text};
  EXPECT_EQ(bodies(filter, {.older_than = between}), (Bodies{"message 1"}));
  EXPECT_EQ(bodies(filter, {.newer_than = between}), (Bodies{"message 3"}));
}

TEST_P(Conformance, APageOfNothingSaysWhetherThereIsSomething) {
  EXPECT_FALSE(run(store_->list({}, {.limit = 0}))->more_older);
  const MessageSid sid = admit(draft()).sid;
  const auto none = run(store_->list({}, {.limit = 0}));
  EXPECT_TRUE(none->messages.empty());
  EXPECT_TRUE(none->more_older);
  EXPECT_FALSE(run(store_->list({}, {.limit = 0, .newer_than = sid}))->more_newer);
}

TEST_P(Conformance, CountsAllAndThoseThatMatch) {
  EXPECT_EQ(*run(store_->count({})), 0u);
  admit_some(3);
  admit(draft(kBen));
  EXPECT_EQ(*run(store_->count({})), 4u);
  EXPECT_EQ(*run(store_->count({.to = kAna.text})), 3u);
  EXPECT_EQ(*run(store_->count({.body_contains = "4"})), 1u);
}

TEST_P(Conformance, AnInboundMessageIsStoredWithTheWindowItOpens) {
  const Message message = draft_from(kAna);
  const auto first = run(store_->receive(message, {}));
  ASSERT_TRUE(first);
  const std::vector<TimelineEntry> want{{message.created, StatusReached{MessageStatus::Received}}};
  EXPECT_EQ(first->message.timeline, want);
  EXPECT_EQ(first->before, std::nullopt);
  const Window opened{
      .key = window_key(kShop, kAna), .last_inbound = message.created, .user_spelling = kAna.text};
  EXPECT_EQ(first->window, opened);
  const auto second = run(store_->receive(draft_from(kAna), {}));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->before, opened);
  EXPECT_EQ(second->window->last_inbound, message.created + 1s);
  EXPECT_EQ(*run(store_->find(opened.key)), second->window);
}

TEST_P(Conformance, AnInboundMessageMayOpenNoWindow) {
  const auto received = run(store_->receive(draft_from(kAna), {.opens_window = false}));
  ASSERT_TRUE(received);
  EXPECT_EQ(received->window, std::nullopt);
  EXPECT_TRUE(run(store_->list())->empty());
}

TEST_P(Conformance, TheSameInboundMessageTwiceExtendsNothing) {
  const Message message = draft_from(kAna);
  ASSERT_TRUE(run(store_->receive(message, {})));
  Message again = message;
  again.created += 1h;
  EXPECT_EQ(run(store_->receive(again, {})).error().code, Errc::Conflict);
  EXPECT_EQ((*run(store_->find(window_key(kShop, kAna))))->last_inbound, message.created);
}

TEST_P(Conformance, AWindowIsPutAsItIsGiven) {
  const WindowKey key = window_key(kShop, kAna);
  ASSERT_TRUE(run(store_->extend(key, kAna, kStart)));
  const Window earlier{
      .key = key, .last_inbound = kStart - 30h, .user_spelling = kBen.text, .closed = true};
  ASSERT_TRUE(run(store_->put(earlier)));
  EXPECT_EQ(*run(store_->find(key)), earlier);
}

TEST_P(Conformance, CountersOnlyGrow) {
  EXPECT_EQ(store_->counter("sids"), 0u);
  store_->raise_counter("sids", 7);
  store_->raise_counter("sids", 5);
  EXPECT_EQ(store_->counter("sids"), 7u);
  EXPECT_EQ(store_->counter("webhooks"), 0u);
  EXPECT_EQ(backend_->open_account(kOtherAccount)->counter("sids"), 0u);
  ASSERT_TRUE(run(store_->clear()));
  EXPECT_EQ(store_->counter("sids"), 0u);
}

INSTANTIATE_TEST_SUITE_P(Backends, Conformance, testing::ValuesIn(kBackends), test::case_name);

}  // namespace
}  // namespace twindow::store
