// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/idempotency.h"

#include <atomic>
#include <thread>

#include <boost/asio/strand.hpp>
#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"
#include "tests/support/run_task.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;
using Begun = Idempotency::Begun;
using Repeat = Idempotency::Repeat;
using Turn = Idempotency::Turn;

const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};
const Time kStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5);

// No hash at all: what is told apart is told apart.
std::string as_it_is(std::string_view text) { return std::string(text); }

TwilioAnswer answer(int status, std::string body = "") {
  return {.status = status, .body = std::move(body)};
}

RepeatableCreate create(std::string key, std::string body = "hi") {
  return {.account = kAccount,
          .caller = "caller",
          .key = std::move(key),
          .params = {{"To", "whatsapp:+15555550123"}, {"Body", std::move(body)}}};
}

// A create on its way; `begun` is there once it acts or is answered.
struct Call {
  std::optional<Begun> begun = {};

  bool waits() const { return !begun.has_value(); }
  Turn* turn() { return begun ? std::get_if<Turn>(&*begun) : nullptr; }
  const Repeat* repeat() const { return begun ? std::get_if<Repeat>(&*begun) : nullptr; }
  std::string body() const { return repeat() == nullptr ? "no answer" : repeat()->answer->body; }
};

// As callers do: at once where that can be.
Task<void> begin_into(Idempotency& idempotency, RepeatableCreate create, Call& call) {
  if (auto turn = idempotency.begin_now(create)) {
    call.begun.emplace(*std::move(turn));
    co_return;
  }
  Begun begun = co_await idempotency.begin(std::move(create));
  call.begun.emplace(std::move(begun));
}

class IdempotencyTest : public testing::Test {
 protected:
  ~IdempotencyTest() override {
    idempotency_.reset();
    context_.discard();
  }

  void use(Idempotency::Options options) {
    idempotency_ = std::make_unique<Idempotency>(clock_, as_it_is, options);
  }

  // Each caller has a strand of its own, as connections have threads.
  void start(Call& call, RepeatableCreate create) {
    start_on(asio_strand(), begin_into(*idempotency_, std::move(create), call));
    settle();
  }
  void settle() {
    context_.restart();
    context_.poll();
  }
  Strand asio_strand() { return boost::asio::make_strand(NearExecutor(context_.get_executor())); }

  test::ManualClock clock_{kStart};
  test::Context context_;
  std::unique_ptr<Idempotency> idempotency_ =
      std::make_unique<Idempotency>(clock_, as_it_is, Idempotency::Options());
};

// Keys

TEST_F(IdempotencyTest, TheFirstActsAndLaterOnesHaveItsAnswer) {
  Call first;
  start(first, create("k"));
  ASSERT_NE(first.turn(), nullptr);
  EXPECT_EQ(first.turn()->lost_since(), std::nullopt);
  first.turn()->answered(answer(201, "SM1"));
  clock_.time += 23h;
  Call second;
  start(second, create("k"));
  ASSERT_NE(second.repeat(), nullptr);
  EXPECT_EQ(*second.repeat()->answer, answer(201, "SM1"));
  EXPECT_TRUE(second.repeat()->same_parameters);
}

TEST_F(IdempotencyTest, NothingIsHashedWithoutAKeyWhileNothingIsLost) {
  int hashed = 0;
  idempotency_ = std::make_unique<Idempotency>(clock_, [&](std::string_view text) {
    ++hashed;
    return std::string(text);
  });
  RepeatableCreate plain = create("");
  auto turn = idempotency_->begin_now(plain);
  ASSERT_TRUE(turn);
  EXPECT_FALSE(turn->is_waited_for());
  turn->answered(TwilioAnswer());
  EXPECT_EQ(hashed, 0);
  RepeatableCreate keyed = create("k");
  EXPECT_FALSE(idempotency_->begin_now(keyed));
  EXPECT_EQ(keyed.key, "k") << "untouched";
}

TEST_F(IdempotencyTest, OnceSomethingIsLostEveryCreateIsLookedAt) {
  RepeatableCreate first = create("");
  auto lost = idempotency_->begin_now(first);
  ASSERT_TRUE(lost);
  lost->lost(answer(504));
  RepeatableCreate other = create("", "something else");
  EXPECT_FALSE(idempotency_->begin_now(other));
  EXPECT_FALSE(other.params.empty()) << "untouched";
  clock_.time += 60s;
  EXPECT_TRUE(idempotency_->begin_now(other)) << "what was lost is over";
}

TEST_F(IdempotencyTest, WithoutAKeyEachActs) {
  Call first;
  Call second;
  start(first, create(""));
  start(second, create(""));
  ASSERT_NE(first.turn(), nullptr);
  ASSERT_NE(second.turn(), nullptr) << "two people may say the same";
  first.turn()->answered(answer(201));
  Call third;
  start(third, create(""));
  EXPECT_NE(third.turn(), nullptr);
  second.turn()->answered(answer(201));
  third.turn()->answered(answer(201));
  EXPECT_EQ(idempotency_->was_lost(create("")), std::nullopt) << "each was answered";
}

TEST_F(IdempotencyTest, EqualCallsWaitForTheFirst) {
  Call first;
  Call second;
  Call third;
  start(first, create("k"));
  start(second, create("k"));
  start(third, create("k"));
  EXPECT_TRUE(second.waits());
  EXPECT_TRUE(third.waits());
  first.turn()->answered(answer(201, "SM1"));
  EXPECT_TRUE(second.waits()) << "never resumed inside the call";
  settle();
  EXPECT_EQ(second.body(), "SM1");
  EXPECT_EQ(third.body(), "SM1");
}

TEST_F(IdempotencyTest, KeysAreTheCallersOwn) {
  Call first;
  start(first, create("k"));
  Call others_key;
  start(others_key, create("l"));
  EXPECT_NE(others_key.turn(), nullptr);
  RepeatableCreate other = create("k");
  other.caller = "somebody";
  Call others;
  start(others, other);
  EXPECT_NE(others.turn(), nullptr);
  other = create("k");
  other.account = AccountSid{"AC2"};
  Call elsewhere;
  start(elsewhere, other);
  EXPECT_NE(elsewhere.turn(), nullptr);
  // "ab" and "c" are not "a" and "bc".
  RepeatableCreate shifted = create("k");
  shifted.caller = "callerk";
  shifted.key = "";
  Call apart;
  start(apart, shifted);
  EXPECT_NE(apart.turn(), nullptr);
}

TEST_F(IdempotencyTest, AKeyForSomethingElseHasTheRememberedAnswer) {
  Call first;
  start(first, create("k", "hi"));
  Call meanwhile;
  start(meanwhile, create("k", "ho"));
  first.turn()->answered(answer(201, "SM1"));
  settle();
  ASSERT_NE(meanwhile.repeat(), nullptr);
  EXPECT_FALSE(meanwhile.repeat()->same_parameters);
  Call later;
  start(later, create("k", "ho"));
  ASSERT_NE(later.repeat(), nullptr);
  EXPECT_EQ(later.body(), "SM1");
  EXPECT_FALSE(later.repeat()->same_parameters);
}

TEST_F(IdempotencyTest, AnswersAreForgottenAfterADay) {
  Call first;
  start(first, create("k"));
  first.turn()->answered(answer(201));
  clock_.time += 24h - 1ms;
  Call second;
  start(second, create("k"));
  EXPECT_NE(second.repeat(), nullptr);
  clock_.time += 1ms;
  Call third;
  start(third, create("k"));
  EXPECT_NE(third.turn(), nullptr);
}

TEST_F(IdempotencyTest, AnswersThatMayChangeAreNotRemembered) {
  for (const int status : {200, 201, 400, 404, 409}) {
    Call first;
    start(first, create(std::to_string(status)));
    first.turn()->answered(answer(status));
    Call second;
    start(second, create(std::to_string(status)));
    EXPECT_NE(second.repeat(), nullptr) << status;
  }
  for (const int status : {401, 403, 408, 429, 302, 500, 503}) {
    Call first;
    Call waiting;
    start(first, create(std::to_string(status)));
    start(waiting, create(std::to_string(status)));
    first.turn()->answered(answer(status, "now"));
    settle();
    EXPECT_EQ(waiting.body(), "now") << "who waited has the same answer";
    Call second;
    start(second, create(std::to_string(status)));
    EXPECT_NE(second.turn(), nullptr) << status;
  }
}

TEST_F(IdempotencyTest, AnswersAreBoundedInNumberAndSize) {
  use({.keys_max = 2});
  for (const char* key : {"a", "b", "c"}) {
    Call call;
    start(call, create(key));
    call.turn()->answered(answer(201));
  }
  Call oldest;
  start(oldest, create("a"));
  EXPECT_NE(oldest.turn(), nullptr);
  Call newest;
  start(newest, create("c"));
  EXPECT_NE(newest.repeat(), nullptr);
  oldest.begun.reset();

  use({.bytes_max = 100});
  for (const char* key : {"a", "b", "huge"}) {
    Call call;
    start(call, create(key));
    call.turn()->answered(answer(201, std::string(key[0] == 'h' ? 101 : 60, 'x')));
  }
  for (const char* key : {"a", "b", "huge"}) {
    Call call;
    start(call, create(key));
    EXPECT_NE(call.turn(), nullptr) << key;
    call.turn()->answered(answer(500));
  }
}

// Lost answers

TEST_F(IdempotencyTest, AnEqualCreateLooksForTheLostOne) {
  Call first;
  start(first, create(""));
  clock_.time += 30s;
  first.turn()->lost(answer(504));
  EXPECT_EQ(idempotency_->was_lost(create("")), kStart);
  Call second;
  start(second, create(""));
  ASSERT_NE(second.turn(), nullptr);
  EXPECT_EQ(second.turn()->lost_since(), kStart) << "when it began";
  second.turn()->answered(answer(201, "SM1"));
  EXPECT_EQ(idempotency_->was_lost(create("")), std::nullopt);
  Call third;
  start(third, create(""));
  ASSERT_NE(third.turn(), nullptr);
  EXPECT_EQ(third.turn()->lost_since(), std::nullopt) << "it was resolved";
}

TEST_F(IdempotencyTest, OnlyEqualCreatesLook) {
  Call first;
  start(first, create("", "hi"));
  first.turn()->lost(answer(504));
  RepeatableCreate other_caller = create("", "hi");
  other_caller.caller = "somebody";
  RepeatableCreate repeated = create("", "hi");
  repeated.params.push_back(repeated.params.front());
  RepeatableCreate split = create("", "hi");
  split.params = {{"To", "whatsapp:+15555550123Body"}, {"", "hi"}};
  for (const RepeatableCreate& each : {create("", "ho"), other_caller, repeated, split}) {
    EXPECT_EQ(idempotency_->was_lost(each), std::nullopt);
  }
}

TEST_F(IdempotencyTest, TheOrderOfParametersIsNoDifference) {
  RepeatableCreate sent = create("");
  sent.params = {{"To", "a"}, {"MediaUrl", "x"}, {"MediaUrl", "y"}, {"Body", "b"}};
  Call first;
  start(first, sent);
  first.turn()->lost(answer(504));
  RepeatableCreate again = create("");
  again.params = {{"Body", "b"}, {"MediaUrl", "x"}, {"To", "a"}, {"MediaUrl", "y"}};
  EXPECT_TRUE(idempotency_->was_lost(again).has_value());
  again.params = {{"Body", "b"}, {"MediaUrl", "y"}, {"To", "a"}, {"MediaUrl", "x"}};
  EXPECT_FALSE(idempotency_->was_lost(again).has_value()) << "other pictures come first";
}

TEST_F(IdempotencyTest, LostAnswersAreRememberedForAMinute) {
  Call first;
  start(first, create(""));
  clock_.time += 30s;
  first.turn()->lost(answer(504));
  clock_.time += 60s - 1ms;
  EXPECT_TRUE(idempotency_->was_lost(create("")).has_value()) << "from when it was lost";
  clock_.time += 1ms;
  EXPECT_FALSE(idempotency_->was_lost(create("")).has_value());
  Call second;
  start(second, create(""));
  EXPECT_EQ(second.turn()->lost_since(), std::nullopt);
}

TEST_F(IdempotencyTest, LostAnswersCanBeSwitchedOff) {
  use({.lost_answer = 0s});
  Call first;
  start(first, create(""));
  first.turn()->lost(answer(504));
  EXPECT_EQ(idempotency_->was_lost(create("")), std::nullopt);
}

TEST_F(IdempotencyTest, EqualCreatesWaitForWhoeverLooks) {
  Call lost;
  start(lost, create(""));
  lost.turn()->lost(answer(504));
  Call looks;
  Call waits;
  Call other;
  start(looks, create(""));
  start(waits, create(""));
  start(other, create("", "something else"));
  EXPECT_TRUE(waits.waits());
  EXPECT_NE(other.turn(), nullptr);
  looks.turn()->answered(answer(201, "SM1"));
  settle();
  EXPECT_EQ(waits.body(), "SM1") << "it asked before anybody knew";
}

TEST_F(IdempotencyTest, WhatIsNotThereIsSent) {
  Call lost;
  start(lost, create(""));
  lost.turn()->lost(answer(504));
  Call looks;
  Call waits;
  start(looks, create(""));
  start(waits, create(""));
  looks.turn()->not_there();
  settle();
  EXPECT_EQ(looks.turn()->lost_since(), std::nullopt);
  ASSERT_NE(waits.turn(), nullptr) << "it is a create of its own";
  EXPECT_EQ(waits.turn()->lost_since(), std::nullopt);
  EXPECT_EQ(idempotency_->was_lost(create("")), std::nullopt);
  // And may be lost in its turn.
  clock_.time += 5s;
  looks.turn()->lost(answer(504));
  EXPECT_TRUE(idempotency_->was_lost(create("")).has_value());
  waits.turn()->answered(answer(201));
  EXPECT_TRUE(idempotency_->was_lost(create("")).has_value()) << "that one was answered, this not";
}

TEST_F(IdempotencyTest, WhatCannotBeToldStaysLost) {
  Call lost;
  start(lost, create(""));
  lost.turn()->lost(answer(504, "first"));
  clock_.time += 10s;
  Call looks;
  Call waits;
  start(looks, create(""));
  start(waits, create(""));
  looks.turn()->lost(answer(504, "the same"));
  settle();
  EXPECT_EQ(waits.body(), "the same");
  EXPECT_EQ(idempotency_->was_lost(create("")), kStart);
  clock_.time = kStart + 60s;
  EXPECT_EQ(idempotency_->was_lost(create("")), std::nullopt) << "looking makes it no longer";
}

TEST_F(IdempotencyTest, WhoLooksIsNotOvertakenByTime) {
  Call lost;
  start(lost, create(""));
  lost.turn()->lost(answer(504));
  Call looks;
  start(looks, create(""));
  clock_.time += 2min;
  Call waits;
  start(waits, create(""));
  EXPECT_TRUE(waits.waits());
  looks.turn()->not_there();
  settle();
  EXPECT_NE(waits.turn(), nullptr);
}

TEST_F(IdempotencyTest, TwoLostAtOnceAreOneQuestionSinceTheFirst) {
  Call first;
  Call second;
  start(first, create(""));
  clock_.time += 1s;
  start(second, create(""));
  second.turn()->lost(answer(504));
  clock_.time += 10s;
  first.turn()->lost(answer(504));
  EXPECT_EQ(idempotency_->was_lost(create("")), kStart);
  clock_.time += 59s;
  EXPECT_TRUE(idempotency_->was_lost(create("")).has_value()) << "a minute from the last";
}

TEST_F(IdempotencyTest, OneLostWhileAnotherIsLookedForStaysLost) {
  Call first;
  Call slow;
  start(first, create(""));
  clock_.time += 1s;
  start(slow, create(""));
  first.turn()->lost(answer(504));
  Call looks;
  start(looks, create(""));
  slow.turn()->lost(answer(504));
  looks.turn()->answered(answer(201));
  EXPECT_EQ(idempotency_->was_lost(create("")), kStart + 1s);
}

TEST_F(IdempotencyTest, LostAnswersAreBounded) {
  use({.lost_max = 2});
  for (const char* body : {"a", "b", "c"}) {
    Call call;
    start(call, create("", body));
    call.turn()->lost(answer(504));
    clock_.time += 1s;
  }
  EXPECT_FALSE(idempotency_->was_lost(create("", "a")).has_value());
  EXPECT_TRUE(idempotency_->was_lost(create("", "b")).has_value());
  EXPECT_TRUE(idempotency_->was_lost(create("", "c")).has_value());
  // Whoever looks is not forgotten.
  Call looks_b;
  Call looks_c;
  start(looks_b, create("", "b"));
  start(looks_c, create("", "c"));
  Call call;
  start(call, create("", "d"));
  call.turn()->lost(answer(504));
  EXPECT_FALSE(idempotency_->was_lost(create("", "d")).has_value());
  looks_b.turn()->answered(answer(201));
  looks_c.turn()->answered(answer(201));
}

// Both

TEST_F(IdempotencyTest, ALostAnswerIsTheAnswerOfWhoWaitsForTheKey) {
  Call first;
  Call waits;
  start(first, create("k"));
  start(waits, create("k"));
  first.turn()->lost(answer(504, "lost"));
  settle();
  EXPECT_EQ(waits.body(), "lost");
  Call later;
  start(later, create("k"));
  ASSERT_NE(later.turn(), nullptr) << "a 504 is not remembered";
  EXPECT_EQ(later.turn()->lost_since(), kStart);
  later.turn()->answered(answer(201, "SM1"));
  Call last;
  start(last, create("k"));
  EXPECT_EQ(last.body(), "SM1");
}

TEST_F(IdempotencyTest, TheAnswerOfALostOneIsRememberedForTheKeysOfThoseWhoWaited) {
  Call lost;
  start(lost, create(""));
  lost.turn()->lost(answer(504));
  Call looks;
  Call waits;
  Call behind;
  start(looks, create("one"));
  start(waits, create("two"));
  start(behind, create("two"));
  EXPECT_TRUE(waits.waits() && behind.waits());
  looks.turn()->answered(answer(201, "SM1"));
  settle();
  EXPECT_EQ(waits.body(), "SM1");
  EXPECT_EQ(behind.body(), "SM1");
  for (const char* key : {"one", "two"}) {
    Call later;
    start(later, create(key));
    EXPECT_EQ(later.body(), "SM1");
  }
}

TEST_F(IdempotencyTest, ATurnThatIsDroppedWasLost) {
  Call first;
  Call waits;
  Call behind;
  start(first, create("k"));
  start(waits, create("k"));
  start(behind, create("k"));
  first.begun.reset();  // its connection has gone
  settle();
  ASSERT_NE(waits.turn(), nullptr) << "somebody takes its place";
  EXPECT_EQ(waits.turn()->lost_since(), kStart);
  EXPECT_TRUE(behind.waits());
  waits.begun.reset();  // and that one goes too
  settle();
  ASSERT_NE(behind.turn(), nullptr);
  EXPECT_EQ(behind.turn()->lost_since(), kStart);
  behind.turn()->answered(answer(201));
  EXPECT_EQ(idempotency_->was_lost(create("k")), std::nullopt);
}

TEST_F(IdempotencyTest, TurnsCanBeHandedOn) {
  Call first;
  Call waits;
  start(first, create("k"));
  start(waits, create("k"));
  Turn moved = std::move(*first.turn());
  first.begun.reset();
  settle();
  EXPECT_TRUE(waits.waits());
  Call other;
  start(other, create("l"));
  moved = std::move(*other.turn());  // what it was before is dropped
  settle();
  EXPECT_NE(waits.turn(), nullptr);
  moved.answered(answer(201));
}

TEST_F(IdempotencyTest, WhoWaitsEndsWithIt) {
  Call first;
  Call waits;
  Call looks;
  Call behind;
  start(first, create("k"));
  start(waits, create("k"));
  start(looks, create("", "lost"));
  looks.turn()->lost(answer(504));
  looks.begun.reset();
  start(looks, create("", "lost"));
  start(behind, create("m", "lost"));
  EXPECT_TRUE(waits.waits() && behind.waits());
  idempotency_.reset();
  settle();
  EXPECT_TRUE(waits.waits() && behind.waits());
  first.turn()->answered(answer(201));  // too late, and no harm
  looks.begun.reset();
  settle();
}

// Who waits is no work for a context, which would end meanwhile: the last one ends it.
struct Ending {
  test::Context& context;
  std::atomic<int> left;
  void one_ended() {
    if (--left == 0) context.stop();
  }
};

// Threads: of 200 equal calls on four threads one acts, and all have its answer.
Task<void> act(Idempotency& idempotency, int n, std::atomic<int>& acted, std::atomic<int>& done,
               Ending& ending) {
  Begun begun = co_await idempotency.begin(create("k" + std::to_string(n)));
  std::string got;
  if (auto* turn = std::get_if<Turn>(&begun)) {
    ++acted;
    turn->answered(answer(201, "SM" + std::to_string(n)));
    got = "SM" + std::to_string(n);
  } else {
    got = std::get<Repeat>(begun).answer->body;
  }
  if (got == "SM" + std::to_string(n)) ++done;
  ending.one_ended();
}

// Every third call is lost or dropped: those that wait go on all the same. Its creates equal none
// of act's, who would rightly be told of their lost answer.
Task<void> lose(Idempotency& idempotency, int n, std::atomic<int>& done, Ending& ending) {
  Begun begun = co_await idempotency.begin(create(n % 2 == 0 ? "same" : "", "bye"));
  if (auto* turn = std::get_if<Turn>(&begun)) {
    if (n % 3 == 0) turn->lost(answer(504));
    if (n % 3 == 1 && turn->lost_since()) turn->not_there();
    if (n % 3 == 1) turn->answered(answer(500));
  }
  ++done;
  begun = Repeat();
  ending.one_ended();
}

TEST(IdempotencyThreads, OneActsForAll) {
  test::ManualClock clock(kStart);
  test::Context context;
  Idempotency idempotency(clock, as_it_is);
  std::atomic<int> acted = 0;
  std::atomic<int> done = 0;
  std::atomic<int> through = 0;
  Ending ending{context, 400};
  const auto work = boost::asio::make_work_guard(context);
  for (int call = 0; call < 200; ++call) {
    start_on(boost::asio::make_strand(NearExecutor(context.get_executor())),
             act(idempotency, call % 5, acted, done, ending));
    start_on(boost::asio::make_strand(NearExecutor(context.get_executor())),
             lose(idempotency, call, through, ending));
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back([&context] { context.run(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(acted, 5);
  EXPECT_EQ(done, 200);
  EXPECT_EQ(through, 200);
}

}  // namespace
}  // namespace twindow::gateway
