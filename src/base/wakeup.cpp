// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/wakeup.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace twindow {

namespace asio = boost::asio;

struct Wakeup::State {
  explicit State(const Strand& on) : strand(on), timer(on) {}
  Strand strand;
  asio::basic_waitable_timer<std::chrono::steady_clock,
                             asio::wait_traits<std::chrono::steady_clock>, Strand>
      timer;
  bool notified = false;
  bool waiting = false;
};

Wakeup::Wakeup(const Strand& strand) : state_(std::make_shared<State>(strand)) {}

Wakeup::~Wakeup() = default;

Task<void> Wakeup::wait() {
  bool notified = false;
  while (!notified) {
    notified = co_await wait_for(std::chrono::hours(24));
  }
}

Task<bool> Wakeup::wait_for(std::chrono::milliseconds longest) {
  const auto state = state_;  // `this` may be gone when the wait ends
  if (!state->notified) {
    state->waiting = true;
    state->timer.expires_after(longest);
    boost::system::error_code ignored;
    co_await state->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    state->waiting = false;
  }
  co_return std::exchange(state->notified, false);
}

void Wakeup::notify() {
  asio::dispatch(state_->strand, [state = state_] {
    state->notified = true;
    if (state->waiting) state->timer.cancel();
  });
}

}  // namespace twindow
