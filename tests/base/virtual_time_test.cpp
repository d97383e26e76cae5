// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/virtual_time.h"

#include <string>

#include <gtest/gtest.h>

namespace twindow {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using enum TimerKind;

const Time kStart = sys_days(std::chrono::year(2026) / 1 / 5);

struct VirtualTimeTest : testing::Test {
  VirtualTime time{kStart};
  std::string ran;
  std::function<void()> mark(char c) {
    return [this, c] { ran += c; };
  }
  void run_until(Time until) {
    while (time.step(until)) {
    }
  }
};

TEST_F(VirtualTimeTest, RunsInDueOrderAndTiesInCreationOrder) {
  time.at(kStart + 2s, Progress, mark('c'));
  time.at(kStart + 1s, Progress, mark('a'));
  time.at(kStart + 1s, Deadline, mark('b'));
  run_until(kStart + 2s);
  EXPECT_EQ(ran, "abc");
}

TEST_F(VirtualTimeTest, StepRunsOneEventAtItsOwnTime) {
  Time seen{};
  time.at(kStart + 3s, Progress, [&] { seen = time.now(); });
  EXPECT_TRUE(time.step(kStart + 10s));
  EXPECT_EQ(seen, kStart + 3s);
  EXPECT_EQ(time.now(), kStart + 3s);
  EXPECT_FALSE(time.step(kStart + 10s));
  EXPECT_EQ(time.now(), kStart + 10s);
}

TEST_F(VirtualTimeTest, NeverGoesBack) {
  time.step(kStart + 10s);
  time.at(kStart + 1s, Progress, mark('a'));
  EXPECT_TRUE(time.step(kStart));
  EXPECT_FALSE(time.step(kStart));
  EXPECT_EQ(ran, "a");
  EXPECT_EQ(time.now(), kStart + 10s);
}

TEST_F(VirtualTimeTest, AnEventMaySetAnotherForTheSameInstant) {
  time.at(kStart + 1s, Progress, [&] { time.at(time.now(), Progress, mark('b')); });
  run_until(kStart + 1s);
  EXPECT_EQ(ran, "b");
}

TEST_F(VirtualTimeTest, WhatIsCanceledDoesNotRun) {
  const TimerId id = time.at(kStart + 1s, Progress, mark('a'));
  time.cancel(id);
  time.cancel(id);
  time.cancel(12345);
  run_until(kStart + 2s);
  EXPECT_EQ(ran, "");
  EXPECT_EQ(time.next_due(), std::nullopt);
  EXPECT_EQ(time.next_progress_due(), std::nullopt);
}

TEST_F(VirtualTimeTest, KnowsTheNextProgressBehindADeadline) {
  time.at(kStart + 1s, Deadline, mark('d'));
  time.at(kStart + 5s, Progress, mark('p'));
  EXPECT_EQ(time.next_due(), kStart + 1s);
  EXPECT_EQ(time.next_progress_due(), kStart + 5s);
  run_until(kStart + 5s);
  EXPECT_EQ(ran, "dp");
  EXPECT_EQ(time.next_progress_due(), std::nullopt);
}

}  // namespace
}  // namespace twindow
