// SPDX-License-Identifier: Apache-2.0
// Runs a coroutine to its end on one thread, and answers what it answered.
#pragma once

#include <chrono>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "twindow/base/check.h"
#include "twindow/base/run_on.h"
#include "twindow/base/task.h"

namespace twindow::test {

namespace detail {
template <class T>
Task<void> store(Task<T> task, std::optional<T>& result) {
  T value = co_await std::move(task);
  result.emplace(std::move(value));
}
inline Task<void> flag(Task<void> task, bool& done) {
  co_await std::move(task);
  done = true;
}
}  // namespace detail

// A context whose pending coroutines can be ended while what they use is still there.
class Context : public boost::asio::io_context {
 public:
  void discard() { shutdown(); }
};

// What a task waits for may be done by another thread, of which the context knows nothing; but not
// for ever.
template <class Done>
void run_until(boost::asio::io_context& context, Done done) {
  constexpr auto kPatience = std::chrono::seconds(60);
  const auto guard = boost::asio::make_work_guard(context);
  context.restart();
  while (!done() && context.run_one_for(kPatience) > 0) {
  }
}

// Runs `context` until `task` has ended; what else is ready runs along.
template <class T>
T run_task(boost::asio::io_context& context, Task<T> task) {
  std::optional<T> result;
  start_on(boost::asio::make_strand(context), detail::store(std::move(task), result));
  run_until(context, [&] { return result.has_value(); });
  TWINDOW_CHECK(result.has_value());  // else it waits for something that never comes
  return *std::move(result);
}

inline void run_task(boost::asio::io_context& context, Task<void> task) {
  bool done = false;
  start_on(boost::asio::make_strand(context), detail::flag(std::move(task), done));
  run_until(context, [&] { return done; });
  TWINDOW_CHECK(done);
}

}  // namespace twindow::test
