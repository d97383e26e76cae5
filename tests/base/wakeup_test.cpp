// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/wakeup.h"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace twindow {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct WakeupTest : testing::Test {
  asio::io_context context;
  Strand strand = asio::make_strand(context);
  Wakeup wakeup{strand};
  int woken = 0;

  Task<void> wait_once(std::chrono::milliseconds longest) {
    const bool notified = co_await wakeup.wait_for(longest);
    if (notified) ++woken;
  }
  void spawn(Task<void> task) { asio::co_spawn(strand, std::move(task), asio::detached); }
};

TEST_F(WakeupTest, WakesTheOneThatWaits) {
  spawn(wait_once(1h));
  context.poll();
  EXPECT_EQ(woken, 0);
  wakeup.notify();
  context.run();
  EXPECT_EQ(woken, 1);
}

TEST_F(WakeupTest, KeepsOneNotificationForTheNextWait) {
  wakeup.notify();
  wakeup.notify();
  context.run();
  context.restart();
  spawn(wait_once(1h));
  context.run();
  EXPECT_EQ(woken, 1);
  context.restart();
  spawn(wait_once(0ms));
  context.run();
  EXPECT_EQ(woken, 1);
}

TEST_F(WakeupTest, MayBeNotifiedFromAnotherThread) {
  spawn(wait_once(1h));
  std::thread other([this] { wakeup.notify(); });
  context.run();
  other.join();
  EXPECT_EQ(woken, 1);
}

TEST_F(WakeupTest, ANotificationMayOutliveIt) {
  auto mortal = std::make_unique<Wakeup>(strand);
  mortal->notify();
  mortal.reset();
  EXPECT_NO_FATAL_FAILURE(context.run());
}

}  // namespace
}  // namespace twindow
