// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/near_executor.h"

#include <future>
#include <memory>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "twindow/base/run_on.h"
#include "twindow/base/task.h"

namespace twindow {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// Two contexts with a thread each, as a server has them; the strand is at home on the first.
struct NearExecutorTest : testing::Test {
  NearExecutorTest() {
    for (asio::io_context* context : crew) {
      threads.emplace_back([this, context] {
        const auto work = asio::make_work_guard(*context);
        const CrewThread member(crew, *context);
        context->run();
      });
    }
  }
  ~NearExecutorTest() override { stop(); }

  void stop() {
    for (asio::io_context* context : crew) context->stop();
    for (std::thread& thread : threads) thread.join();
    threads.clear();
  }

  // Runs `task` on `context` to its end; a minute is for ever.
  void run(asio::io_context& context, Task<void> task) {
    std::promise<void> done;
    asio::co_spawn(context, std::move(task), [&](const std::exception_ptr& thrown) {
      EXPECT_EQ(thrown, nullptr);
      done.set_value();
    });
    ASSERT_EQ(done.get_future().wait_for(60s), std::future_status::ready);
  }

  asio::io_context first{1};
  asio::io_context second{1};
  const Crew crew{&first, &second};
  Strand strand{Strand::inner_executor_type(first.get_executor())};
  std::vector<std::thread> threads;
  int count = 0;  // touched on the strand only
};

Task<std::thread::id> this_thread() { co_return std::this_thread::get_id(); }

// Beyond this Asio's any_io_executor keeps it on the heap.
static_assert(sizeof(Strand) <= sizeof(std::shared_ptr<void>) + sizeof(void*));

TEST_F(NearExecutorTest, WorkRunsOnTheThreadThatBringsIt) {
  const auto ask = [](Strand on, std::thread::id wanted) -> Task<void> {
    const std::thread::id got = co_await run_on(on, this_thread());
    EXPECT_EQ(got, wanted);
    EXPECT_EQ(std::this_thread::get_id(), wanted);
    EXPECT_FALSE(on.running_in_this_thread()) << "the caller holds the strand";
  };
  run(first, ask(strand, threads[0].get_id()));
  run(second, ask(strand, threads[1].get_id()));
}

TEST_F(NearExecutorTest, WorkOfOtherThreadsRunsAtHome) {
  std::promise<std::thread::id> ran;
  asio::dispatch(strand, [&] { ran.set_value(std::this_thread::get_id()); });
  auto found = ran.get_future();
  ASSERT_EQ(found.wait_for(60s), std::future_status::ready);
  EXPECT_EQ(found.get(), threads[0].get_id());
}

TEST_F(NearExecutorTest, WhatIsPostedDoesNotRunInsideTheCall) {
  const auto post_one = [](Strand on) -> Task<void> {
    bool ran = false;
    std::thread::id where;
    asio::post(on, [&] {
      ran = true;
      where = std::this_thread::get_id();
    });
    EXPECT_FALSE(ran);
    const std::thread::id mine = co_await run_on(on, this_thread());  // behind it
    EXPECT_TRUE(ran);
    EXPECT_EQ(where, std::this_thread::get_id());
    EXPECT_EQ(mine, std::this_thread::get_id());
  };
  run(second, post_one(strand));
}

// A waiting task leaves the strand to others and comes back to it.
Task<void> count_up_after_a_wait(Strand strand, int& count) {
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, Strand>
      timer(strand);
  timer.expires_after(0ms);
  co_await timer.async_wait(asio::use_awaitable);
  EXPECT_TRUE(strand.running_in_this_thread());
  ++count;
}

Task<void> count_up(int& count) {
  ++count;
  co_return;
}

TEST_F(NearExecutorTest, TheStrandStillRunsOneAtATime) {
  constexpr int kRounds = 2000;
  const auto hammer = [](Strand on, int& counted) -> Task<void> {
    for (int i = 0; i < kRounds; ++i) {
      co_await run_on(on, count_up(counted));
      if (i % 100 == 0) {
        co_await run_on(on, count_up_after_a_wait(on, counted));
      }
    }
  };
  std::promise<void> one;
  std::promise<void> two;
  asio::co_spawn(first, hammer(strand, count), [&](const std::exception_ptr&) { one.set_value(); });
  asio::co_spawn(second, hammer(strand, count),
                 [&](const std::exception_ptr&) { two.set_value(); });
  ASSERT_EQ(one.get_future().wait_for(60s), std::future_status::ready);
  ASSERT_EQ(two.get_future().wait_for(60s), std::future_status::ready);
  EXPECT_EQ(count, 2 * (kRounds + kRounds / 100));
}

TEST_F(NearExecutorTest, WhoHoldsTheLockIsAloneWithTheStrand) {
  constexpr int kRounds = 2000;
  LockedHome home(first);
  const Strand locked{NearExecutor(home)};
  const auto hammer = [&](Strand on, int& counted) -> Task<void> {
    for (int i = 0; i < kRounds; ++i) {
      std::unique_lock lock(home.mutex, std::try_to_lock);
      if (lock) {
        ++counted;
        lock.unlock();
      } else {
        co_await run_on(on, count_up(counted));
      }
      if (i % 3 == 0) {
        co_await run_on(on, count_up(counted));
      }
    }
  };
  std::promise<void> one;
  std::promise<void> two;
  asio::co_spawn(first, hammer(locked, count), [&](const std::exception_ptr&) { one.set_value(); });
  asio::co_spawn(second, hammer(locked, count),
                 [&](const std::exception_ptr&) { two.set_value(); });
  ASSERT_EQ(one.get_future().wait_for(60s), std::future_status::ready);
  ASSERT_EQ(two.get_future().wait_for(60s), std::future_status::ready);
  EXPECT_EQ(count, 2 * (kRounds + (kRounds + 2) / 3));
  stop();  // nobody may be about to let go of the lock when it ends
}

TEST_F(NearExecutorTest, WhatIsBroughtFromElsewhereWaitsForTheLock) {
  LockedHome home(first);
  const Strand locked{NearExecutor(home)};
  std::promise<void> ran;
  auto found = ran.get_future();
  {
    const std::lock_guard lock(home.mutex);
    asio::post(locked, [&] { ran.set_value(); });
    EXPECT_EQ(found.wait_for(10ms), std::future_status::timeout);
  }
  EXPECT_EQ(found.wait_for(60s), std::future_status::ready);
  stop();
}

}  // namespace
}  // namespace twindow
