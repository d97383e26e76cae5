// SPDX-License-Identifier: Apache-2.0
#include "src/net/watchdog.h"

#include <boost/asio/steady_timer.hpp>

namespace twindow::net {

struct Watchdog::State {
  State(const boost::asio::any_io_executor& executor, std::chrono::steady_clock::time_point until,
        std::function<void()> on_expiry)
      : timer(executor, until), expired(std::move(on_expiry)) {}
  boost::asio::steady_timer timer;
  std::function<void()> expired;
  bool over = false;
  bool fired = false;
};

Watchdog::Watchdog(const boost::asio::any_io_executor& executor,
                   std::chrono::steady_clock::time_point until, std::function<void()> expired)
    : state_(std::make_shared<State>(executor, until, std::move(expired))) {
  state_->timer.async_wait([state = state_](boost::system::error_code error) {
    if (error || state->over) return;
    state->fired = true;
    state->expired();
  });
}

Watchdog::~Watchdog() {
  state_->over = true;
  state_->expired = nullptr;
  state_->timer.cancel();
}

bool Watchdog::fired() const { return state_->fired; }

}  // namespace twindow::net
