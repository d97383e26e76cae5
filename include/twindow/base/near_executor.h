// SPDX-License-Identifier: Apache-2.0
// Where the work of a strand runs: on the thread that brings it, if that is one of the server's.
#pragma once

#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/execution.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

namespace twindow {

// The contexts of a server, each run by one thread. Complete before its first use, outlives the
// last.
using Crew = std::vector<boost::asio::io_context*>;

// An executor for strands. The strand keeps two threads out of each other's way; with the executor
// of one context it would also bring every call to that context's thread and back, two wake-ups
// for a few microseconds of work. What is dispatched from a thread of the crew runs there and then,
// what is posted runs there later; from any other thread it goes home. Sockets and timers belong
// to home. Without a crew it is `Home` itself.
template <class Home>
class NearExecutor {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): as the strands of Asio are made of each other
  NearExecutor(Home home, const Crew* crew = nullptr) noexcept
      : home_(std::move(home)), crew_(crew) {}
  template <class Other>
  requires std::is_convertible_v<Other, Home>
  // NOLINTNEXTLINE(google-explicit-constructor)
  NearExecutor(const NearExecutor<Other>& other)
  noexcept : home_(other.home()), crew_(other.crew()) {}

  const Home& home() const noexcept { return home_; }
  const Crew* crew() const noexcept { return crew_; }

  template <class Property>
  requires boost::asio::can_query_v<const Home&, Property>
  decltype(auto) query(const Property& property) const noexcept {
    return boost::asio::query(home_, property);
  }
  template <class Property>
  requires boost::asio::can_require_v<const Home&, Property>
  auto require(const Property& property) const noexcept {
    auto home = boost::asio::require(home_, property);
    return NearExecutor<decltype(home)>(std::move(home), crew_);
  }

  template <class Job>
  void execute(Job&& job) const {
    using boost::asio::execution::blocking;
    boost::asio::io_context* const here = this_threads_context();
    if (here == nullptr) {
      home_.execute(std::forward<Job>(job));
    } else if (boost::asio::query(home_, blocking) == blocking.never) {
      boost::asio::require(here->get_executor(), blocking.never).execute(std::forward<Job>(job));
    } else {
      std::decay_t<Job> mine(std::forward<Job>(job));
      std::move(mine)();
    }
  }

  friend bool operator==(const NearExecutor& a, const NearExecutor& b) noexcept {
    return a.home_ == b.home_ && a.crew_ == b.crew_;
  }
  friend bool operator!=(const NearExecutor& a, const NearExecutor& b) noexcept {
    return !(a == b);
  }

 private:
  boost::asio::io_context* this_threads_context() const {
    if (crew_ == nullptr) return nullptr;
    for (boost::asio::io_context* const context : *crew_) {
      if (context->get_executor().running_in_this_thread()) return context;
    }
    return nullptr;
  }

  Home home_;
  const Crew* crew_;
};

}  // namespace twindow
