// SPDX-License-Identifier: Apache-2.0
// What every backend must do with decisions.
#include <algorithm>

#include "tests/store/conformance.h"

namespace twindow::store {
namespace {

const ports::Judge kNoJudge = [](Message&, const ports::Facts&) {};

class Decisions : public StoreTest {
 protected:
  explicit Decisions(Retention retention = {.messages_max = 1000}) : StoreTest(retention) {}

  static LedgerEntry entry(std::string rule, Time at = kStart) {
    return {.at = at,
            .from = kShop.text,
            .to = kAna.text,
            .action = Action::Reject,
            .code = 63016,
            .rule = std::move(rule),
            .kind = MessageKind::Freeform};
  }
  void enter(std::string rule, Time at = kStart) {
    ASSERT_TRUE(run(store_->enter(entry(std::move(rule), at))));
  }
  std::vector<LedgerEntry> found(ports::LedgerQuery query = {}) {
    return *run(store_->decisions(std::move(query)));
  }
  std::vector<std::string> rules(ports::LedgerQuery query = {}) {
    std::vector<std::string> all;
    for (const LedgerEntry& one : found(std::move(query))) all.push_back(one.rule);
    return all;
  }
  Message admit_decided(std::string rule) {
    return *run(store_->admit_decided(draft(), kNoJudge, entry(std::move(rule))));
  }
};

using Rules = std::vector<std::string>;

TEST_P(Decisions, AreKeptWithAllTheirFields) {
  LedgerEntry whole{.at = kStart + 5ms,
                    .from = "MG0123456789abcdef0123456789abcdef",
                    .to = kAna.text,
                    .action = Action::Observe,
                    .would = Action::Reroute,
                    .code = 63016,
                    .content = ContentSid{"HX0123456789abcdef0123456789abcdef"},
                    .rule = "say \"it\"",
                    .reason = "closed 3 h 2 min ago",
                    .kind = MessageKind::Freeform,
                    .window = {WindowState::Closed, kStart - 27h},
                    .window_age = 27h + 5ms,
                    .campaign = "frühling"};
  ASSERT_TRUE(run(store_->enter(whole)));
  ASSERT_EQ(found().size(), 1u);
  whole.place = found()[0].place;
  EXPECT_GT(whole.place, 0u);
  EXPECT_EQ(found()[0], whole);
}

TEST_P(Decisions, AreReadNewestFirstPageByPage) {
  for (const char* rule : {"a", "b", "c", "d", "e"}) enter(rule);
  EXPECT_EQ(rules({.limit = 2}), (Rules{"e", "d"}));
  const std::uint64_t place = found({.limit = 2}).back().place;
  EXPECT_EQ(rules({.limit = 2, .before = place}), (Rules{"c", "b"}));
  EXPECT_EQ(rules({.limit = 9, .before = place}), (Rules{"c", "b", "a"}));
  EXPECT_EQ(rules({.limit = 9, .before = 0}), Rules{});
}

TEST_P(Decisions, ComeWithTheirMessage) {
  enter("refused");
  const Message message = admit_decided("passed");
  EXPECT_TRUE(is_there(message.sid));
  const auto of_it = found({.message = message.sid});
  ASSERT_EQ(of_it.size(), 1u);
  EXPECT_EQ(of_it[0].rule, "passed");
  EXPECT_EQ(of_it[0].message, message.sid);
  EXPECT_EQ(found()[1].message, std::nullopt);
  EXPECT_EQ(rules({.message = MessageSid{"SM00000000000000000000000000000000"}}), Rules{});
}

TEST_P(Decisions, OfAMessageThatIsThereAlreadyAreNotKept) {
  const Message first = admit(draft());
  Message again = draft();
  again.sid = first.sid;
  const auto refused = run(store_->admit_decided(again, kNoJudge, entry("twice")));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::Conflict);
  EXPECT_EQ(rules(), Rules{});
}

TEST_P(Decisions, LearnHowTheirMessageEnded) {
  const Message message = admit_decided("passed");
  const auto move = [&](MessageStatus status, std::optional<int> code) {
    return run(store_->move({.sid = message.sid, .status = status, .error_code = code}, kStart));
  };
  ASSERT_TRUE(move(MessageStatus::Sent, {}));
  EXPECT_EQ(found()[0].ended_as, std::nullopt);
  ASSERT_TRUE(move(MessageStatus::Undelivered, 63016));
  EXPECT_EQ(found()[0].ended_as, MessageStatus::Undelivered);
  EXPECT_EQ(found()[0].error_code, 63016);
  ASSERT_TRUE(move(MessageStatus::Delivered, {})) << "late news";
  EXPECT_EQ(found()[0].ended_as, MessageStatus::Undelivered);
}

TEST_P(Decisions, BelongToOneAccount) {
  enter("a");
  const auto other = backend_->open_account(kOtherAccount);
  EXPECT_TRUE(run(other->decisions({}))->empty());
}

TEST_P(Decisions, AreForgottenWithAllElse) {
  admit_decided("a");
  enter("b");
  ASSERT_TRUE(run(store_->clear()));
  EXPECT_EQ(rules(), Rules{});
}

TEST_P(Decisions, SurviveARestartOfADurableStore) {
  const Message message = admit_decided("a");
  enter("b");
  const auto before = found();
  reopen();
  const bool kept = GetParam().durable;
  EXPECT_EQ(found(), kept ? before : std::vector<LedgerEntry>());
  EXPECT_EQ(rules({.message = message.sid}), kept ? Rules{"a"} : Rules());
}

INSTANTIATE_TEST_SUITE_P(Backends, Decisions, testing::ValuesIn(kBackends), test::case_name);

class FewDecisions : public Decisions {
 protected:
  FewDecisions() : Decisions({.age_max = 1h, .decisions_max = 100}) {}
};

TEST_P(FewDecisions, DoNotGrowWithoutEnd) {
  for (int i = 0; i < 3000; ++i) enter("many");
  EXPECT_EQ(found({.limit = 3000}).size(), 100u);
  reopen();
  enter("more");
  EXPECT_EQ(found({.limit = 3000}).size(), GetParam().durable ? 100u : 1u);
}

TEST_P(FewDecisions, GoWhenTheyAreOld) {
  enter("old");
  enter("just as old as may be", kStart + 1h);
  enter("new", kStart + 2h);
  EXPECT_EQ(rules(), (Rules{"new", "just as old as may be"}));
}

INSTANTIATE_TEST_SUITE_P(Backends, FewDecisions, testing::ValuesIn(kBackends), test::case_name);

class Altering : public StoreTest {};

TEST_P(Altering, ChangesAMessage) {
  Message held = draft();
  held.status = MessageStatus::Accepted;
  held.held_until = kStart + 24h;
  held.upstream_sid = MessageSid{"SMffffffffffffffffffffffffffffffff"};
  const MessageSid sid = admit(held).sid;
  EXPECT_EQ(bodies({.held_only = true}), Bodies{held.body});
  const auto altered = run(store_->alter(sid, [](Message& message) {
    message.held_until.reset();
    message.body = "other";
    return Result<void>();
  }));
  ASSERT_TRUE(altered);
  EXPECT_EQ(altered->body, "other");
  const auto kept = run(store_->find(sid));
  EXPECT_EQ(kept->held_until, std::nullopt);
  EXPECT_EQ(kept->upstream_sid, held.upstream_sid);
  EXPECT_EQ(bodies({.held_only = true}), Bodies{});
}

TEST_P(Altering, KeepsWhatIsNeededToSendLater) {
  Message held = draft();
  held.held_until = kStart + 24h;
  held.released = kStart + 1h;
  held.form = "To=a&Body=b";
  const MessageSid sid = admit(held).sid;
  const auto kept = run(store_->find(sid));
  EXPECT_EQ(kept->released, held.released);
  EXPECT_EQ(kept->form, held.form);
}

TEST_P(Altering, TellsWhichMessagesHaveAnotherSidAtTwilio) {
  const MessageSid upstream{"SMffffffffffffffffffffffffffffffff"};
  const MessageSid same = admit(draft()).sid;
  const MessageSid other = admit(draft()).sid;
  EXPECT_TRUE(run(store_->aliases())->empty());
  const auto name = [&](const MessageSid& sid, const MessageSid& at_twilio) {
    ASSERT_TRUE(run(store_->alter(sid, [at_twilio](Message& message) {
      message.upstream_sid = at_twilio;
      return Result<void>();
    })));
  };
  name(same, same);
  name(other, upstream);
  using Alias = ports::MessageStore::Alias;
  EXPECT_EQ(*run(store_->aliases()), (std::vector<Alias>{{upstream, other}}));
  EXPECT_EQ(bodies({.ours_only = true}), Bodies{});
  ASSERT_TRUE(run(store_->remove(other)));
  EXPECT_TRUE(run(store_->aliases())->empty());
}

TEST_P(Altering, ForgetsOneMessage) {
  const MessageSid sid = admit(draft()).sid;
  const MessageSid other = admit(draft()).sid;
  ASSERT_TRUE(run(store_->remove(sid)));
  EXPECT_EQ(run(store_->find(sid)).error().code, Errc::NotFound);
  EXPECT_EQ(run(store_->remove(sid)).error().code, Errc::NotFound);
  EXPECT_TRUE(run(store_->find(other)));
  const MessageFilter all;
  EXPECT_EQ(*run(store_->count(all)), 1u);
}

TEST_P(Altering, KeepsNothingOfAChangeThatFails) {
  const MessageSid sid = admit(draft()).sid;
  const auto altered = run(store_->alter(sid, [](Message& message) -> Result<void> {
    message.body = "other";
    return fail(Errc::NotFinal);
  }));
  ASSERT_FALSE(altered);
  EXPECT_EQ(altered.error().code, Errc::NotFinal);
  EXPECT_EQ(run(store_->find(sid))->body, "message 1");
}

TEST_P(Altering, OfNothingIsNotFound) {
  const auto altered = run(store_->alter({"SM1"}, [](Message&) { return Result<void>(); }));
  ASSERT_FALSE(altered);
  EXPECT_EQ(altered.error().code, Errc::NotFound);
}

INSTANTIATE_TEST_SUITE_P(Backends, Altering, testing::ValuesIn(kBackends), test::case_name);

}  // namespace
}  // namespace twindow::store
