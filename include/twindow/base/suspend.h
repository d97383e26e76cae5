// SPDX-License-Identifier: Apache-2.0
// A coroutine that waits for what another thread, one that runs no coroutines, has to say.
#pragma once

#include <utility>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "twindow/base/near_executor.h"
#include "twindow/base/task.h"

namespace twindow {

// The other end of a suspended coroutine. To be called once, from any thread: the coroutine goes on
// with the value, on the executor it was suspended on, never inside this call, and by the thread of
// the crew it was suspended by, if it was one: the home of a strand would be a third thread to
// wake. Destroyed uncalled, it ends the coroutine there. The executor's context is still there at
// either.
template <class T>
class Resume {
 public:
  using Signature = void(T);
  using Handler =
      typename boost::asio::async_result<boost::asio::use_awaitable_t<>, Signature>::handler_type;

  explicit Resume(Handler handler) : handler_(std::move(handler)) {}

  void operator()(T value) {
    auto executor = boost::asio::get_associated_executor(handler_);
    auto go_on = with(std::move(value));
    if (suspended_by_ == nullptr) {
      boost::asio::post(executor, std::move(go_on));
      return;
    }
    boost::asio::post(*suspended_by_, [executor, go_on = std::move(go_on)]() mutable {
      boost::asio::dispatch(executor, std::move(go_on));
    });
  }

  // The context of the crew's thread that it was suspended by; null if it was none of a crew.
  boost::asio::io_context* suspended_by() const { return suspended_by_; }
  // As above, on the thread of `suspended_by()`, inside this call if its executor allows it.
  void here(T value) {
    auto executor = boost::asio::get_associated_executor(handler_);
    boost::asio::dispatch(executor, with(std::move(value)));
  }

 private:
  auto with(T value) {
    return [handler = std::move(handler_), value = std::move(value)]() mutable {
      std::move(handler)(std::move(value));
    };
  }

  Handler handler_;
  boost::asio::io_context* suspended_by_ = CrewThread::own_context();
};

// Calls `job` on the thread of the crew that runs `context`, later: for who has answers for several
// of those that it has suspended.
template <class Job>
void run_there(boost::asio::io_context& context, Job job) {
  boost::asio::post(context, std::move(job));
}

// Calls `start(Resume<T>)`, on the awaiting coroutine's executor, and suspends it until then.
template <class T, class Start>
Task<T> suspend(Start start) {
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(T)>(
      [start = std::move(start)](typename Resume<T>::Handler handler) mutable {
        std::move(start)(Resume<T>(std::move(handler)));
      },
      boost::asio::use_awaitable);
}

}  // namespace twindow
