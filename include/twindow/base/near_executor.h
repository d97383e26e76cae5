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

// Lives as long as a thread of a crew runs its context, and on that thread.
class CrewThread {
 public:
  CrewThread(const Crew& crew, boost::asio::io_context& own)
      : crew_(crew), own_(own), before_(current_) {
    current_ = this;
  }
  ~CrewThread() { current_ = before_; }
  CrewThread(const CrewThread&) = delete;
  CrewThread& operator=(const CrewThread&) = delete;

  // The context of the calling thread, if `home` is of the same crew; else null.
  static boost::asio::io_context* context_beside(const boost::asio::execution_context& home) {
    if (current_ == nullptr) return nullptr;
    for (const boost::asio::io_context* const context : current_->crew_) {
      if (context == &home) return &current_->own_;
    }
    return nullptr;
  }

 private:
  const Crew& crew_;
  boost::asio::io_context& own_;
  const CrewThread* before_;
  // Which thread this is; no state that anything but speed depends on.
  static inline thread_local const CrewThread* current_ = nullptr;
};

// An executor for strands. The strand keeps two threads out of each other's way; with the executor
// of one context it would also bring every call to that context's thread and back, two wake-ups
// for a few microseconds of work. What is dispatched from a thread of the crew runs there and then,
// what is posted runs there later; from any other thread it goes home. Sockets and timers belong
// to home. As small as `Home`: what is larger would not fit into Asio's any_io_executor, which then
// allocates, counts references, and has ThreadSanitizer see races in its counting.
template <class Home>
class NearExecutor {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): as the strands of Asio are made of each other
  NearExecutor(Home home) noexcept : home_(std::move(home)) {}
  template <class Other>
  requires std::is_convertible_v<Other, Home>
  // NOLINTNEXTLINE(google-explicit-constructor)
  NearExecutor(const NearExecutor<Other>& other)
  noexcept : home_(other.home()) {}

  const Home& home() const noexcept { return home_; }

  template <class Property>
  requires boost::asio::can_query_v<const Home&, Property>
  decltype(auto) query(const Property& property) const noexcept {
    return boost::asio::query(home_, property);
  }
  template <class Property>
  requires boost::asio::can_require_v<const Home&, Property>
  auto require(const Property& property) const noexcept {
    auto home = boost::asio::require(home_, property);
    return NearExecutor<decltype(home)>(std::move(home));
  }

  template <class Job>
  void execute(Job&& job) const {
    using boost::asio::execution::blocking;
    boost::asio::io_context* const here =
        CrewThread::context_beside(boost::asio::query(home_, boost::asio::execution::context));
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
    return a.home_ == b.home_;
  }
  friend bool operator!=(const NearExecutor& a, const NearExecutor& b) noexcept {
    return !(a == b);
  }

 private:
  Home home_;
};

}  // namespace twindow
