// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/known_callers.h"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/manual_clock.h"

namespace twindow::gateway {
namespace {

using namespace std::chrono_literals;

const AccountSid kOne{"AC0123456789abcdef0123456789abcdef"};
const AccountSid kTwo{"AC0123456789abcdef0123456789abcdee"};
const Time kStart = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5);

// As good as a hash is here: of one length, and different for different texts.
std::string toy_hash(std::string_view text) {
  std::string hash = std::to_string(std::hash<std::string_view>()(text));
  hash.resize(20, '-');
  return hash;
}

bool knows(const KnownCallers& known, const AccountSid& account, std::string_view caller) {
  return known.knows(account, known.fingerprint(account, caller));
}
void accept(KnownCallers& known, const AccountSid& account, std::string_view caller) {
  known.accepted(account, known.fingerprint(account, caller));
}
void refuse(KnownCallers& known, const AccountSid& account, std::string_view caller) {
  known.refused(account, known.fingerprint(account, caller));
}

class KnownCallersTest : public testing::Test {
 protected:
  test::ManualClock clock_{kStart};
  KnownCallers known_{clock_, toy_hash, "salt"};
};

TEST_F(KnownCallersTest, AreThoseThatTwilioAccepted) {
  EXPECT_FALSE(knows(known_, kOne, "Basic a"));
  accept(known_, kOne, "Basic a");
  EXPECT_TRUE(knows(known_, kOne, "Basic a"));
  EXPECT_FALSE(knows(known_, kOne, "Basic b"));
  EXPECT_FALSE(knows(known_, kOne, "Basic "));
  EXPECT_FALSE(knows(known_, kTwo, "Basic a")) << "good for one account, not for another";
}

TEST_F(KnownCallersTest, AreKnownForTenMinutes) {
  accept(known_, kOne, "Basic a");
  clock_.time = kStart + 10min - 1ms;
  EXPECT_TRUE(knows(known_, kOne, "Basic a"));
  clock_.time = kStart + 10min;
  EXPECT_FALSE(knows(known_, kOne, "Basic a"));
}

TEST_F(KnownCallersTest, AreKnownLongerIfAcceptedAgain) {
  accept(known_, kOne, "Basic a");
  clock_.time = kStart + 9min;
  accept(known_, kOne, "Basic a");
  EXPECT_EQ(known_.size(), 1u);
  clock_.time = kStart + 18min;
  EXPECT_TRUE(knows(known_, kOne, "Basic a"));
}

TEST_F(KnownCallersTest, AreForgottenWhenRefused) {
  accept(known_, kOne, "Basic a");
  accept(known_, kOne, "Basic b");
  refuse(known_, kOne, "Basic a");
  refuse(known_, kOne, "Basic c");
  refuse(known_, kTwo, "Basic b");
  EXPECT_FALSE(knows(known_, kOne, "Basic a"));
  EXPECT_TRUE(knows(known_, kOne, "Basic b"));
  EXPECT_EQ(known_.size(), 1u);
}

TEST_F(KnownCallersTest, AreNeverWhoeverSentNothing) {
  accept(known_, kOne, "");
  EXPECT_FALSE(knows(known_, kOne, ""));
  EXPECT_EQ(known_.size(), 0u);
}

TEST_F(KnownCallersTest, AreNotKnownLongerByAClockThatIsSetBack) {
  accept(known_, kOne, "Basic a");
  clock_.time = kStart - 1min;
  EXPECT_TRUE(knows(known_, kOne, "Basic a")) << "threads read the clock in no order";
  clock_.time = kStart - 10min;
  EXPECT_FALSE(knows(known_, kOne, "Basic a"));
}

TEST_F(KnownCallersTest, AreKeptAsSaltedHashesOnly) {
  std::vector<std::string> hashed;
  const KnownCallers::Hash spy = [&](std::string_view text) {
    hashed.emplace_back(text);
    return toy_hash(text);
  };
  KnownCallers one(clock_, spy, "salt one");
  const KnownCallers two(clock_, spy, "salt two");
  EXPECT_NE(one.fingerprint(kOne, "Basic a").text, two.fingerprint(kOne, "Basic a").text);
  EXPECT_NE(one.fingerprint(kOne, "Basic a").text, one.fingerprint(kTwo, "Basic a").text);
  EXPECT_EQ(one.fingerprint(kOne, "Basic a").text, one.fingerprint(kOne, "Basic a").text);
  for (const std::string& text : hashed) EXPECT_TRUE(text.starts_with("salt ")) << text;
}

TEST_F(KnownCallersTest, AreBoundedForEachAccount) {
  KnownCallers known(clock_, toy_hash, "salt", {.callers_per_account_max = 2});
  for (const char* caller : {"a", "b", "a", "c"}) {
    accept(known, kOne, caller);
    clock_.time += 1s;
  }
  EXPECT_EQ(known.size(), 2u);
  EXPECT_TRUE(knows(known, kOne, "a"));
  EXPECT_FALSE(knows(known, kOne, "b")) << "its acceptance was the longest ago";
  EXPECT_TRUE(knows(known, kOne, "c"));
}

TEST_F(KnownCallersTest, AreBoundedInAll) {
  KnownCallers known(clock_, toy_hash, "salt", {.callers_max = 3});
  for (const char* account : {"AC1", "AC2", "AC3", "AC4"}) {
    accept(known, {account}, "a");
    clock_.time += 1s;
  }
  EXPECT_EQ(known.size(), 3u);
  EXPECT_FALSE(knows(known, {"AC1"}, "a"));
  EXPECT_TRUE(knows(known, {"AC2"}, "a"));
  // Those that are of no use any more go first, whoever was accepted first.
  clock_.time = kStart + 10min + 1s;
  accept(known, {"AC5"}, "a");
  EXPECT_EQ(known.size(), 3u);
  EXPECT_FALSE(knows(known, {"AC2"}, "a"));
  EXPECT_TRUE(knows(known, {"AC3"}, "a"));
  EXPECT_TRUE(knows(known, {"AC4"}, "a"));
}

TEST_F(KnownCallersTest, MayBeAskedByManyThreads) {
  KnownCallers known(clock_, toy_hash, "salt", {.callers_max = 4, .callers_per_account_max = 3});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&known, t] {
      for (int i = 0; i < 500; ++i) {
        const AccountSid account{"AC" + std::to_string(i % 3)};
        const std::string caller = std::to_string((i + t) % 5);
        accept(known, account, caller);
        (void)knows(known, account, caller);
        if (i % 7 == 0) refuse(known, account, caller);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(known.size(), 4u);
}

}  // namespace
}  // namespace twindow::gateway
