// SPDX-License-Identifier: Apache-2.0
// Moving a coroutine to a strand and back. Costs its includer some seconds of compile time
// (co_spawn), so it stays in .cpp files, and few.
#pragma once

#include <exception>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "twindow/base/check.h"
#include "twindow/base/task.h"

namespace twindow {

namespace detail {

// Back to the caller's executor before the task's own coroutine ends. Asio would post the end of
// one that never had to wait to the strand again, and the caller would go on inside the strand:
// rendering and writing its answer while others wait for it.
inline Task<void> go_back(boost::asio::any_io_executor caller) {
  co_await boost::asio::post(boost::asio::bind_executor(caller, boost::asio::use_awaitable));
}

// co_spawn asks for results that can be made of nothing; ours cannot, so they go this way.
template <class T>
Task<void> keep(Task<T> task, std::optional<T>& result, boost::asio::any_io_executor caller) {
  T value = co_await std::move(task);  // NOLINT(bugprone-use-after-move)
  result.emplace(std::move(value));
  co_await go_back(std::move(caller));
}
inline Task<void> keep(Task<void> task, boost::asio::any_io_executor caller) {
  co_await std::move(task);
  co_await go_back(std::move(caller));
}

}  // namespace detail

// Runs `task` on `there`, a strand or what else runs one thing at a time; resumes on the caller's
// own executor with what it returned.
template <class Executor, class T>
Task<T> run_on(Executor there, Task<T> task) {
  std::optional<T> result;
  auto caller = co_await boost::asio::this_coro::executor;
  Task<void> kept = detail::keep(std::move(task), result, std::move(caller));
  co_await boost::asio::co_spawn(there, std::move(kept), boost::asio::use_awaitable);
  co_return *std::move(result);
}
template <class Executor>
Task<void> run_on(Executor there, Task<void> task) {
  auto caller = co_await boost::asio::this_coro::executor;  // NOLINT(bugprone-use-after-move)
  Task<void> kept = detail::keep(std::move(task), std::move(caller));
  co_await boost::asio::co_spawn(there, std::move(kept), boost::asio::use_awaitable);
}

// Starts `task` on `strand`, never inside this call, and does not wait for it. An exception that
// leaves it is a bug.
inline void start_on(const Strand& strand, Task<void> task) {
  boost::asio::post(strand, [strand, task = std::move(task)]() mutable {
    boost::asio::co_spawn(strand, std::move(task), [](const std::exception_ptr& thrown) {
      TWINDOW_CHECK(thrown == nullptr);
    });
  });
}

}  // namespace twindow
