// SPDX-License-Identifier: Apache-2.0
// Where the work of a strand runs: on the thread that brings it, if that is one of the server's.
#pragma once

#include <cstdint>
#include <mutex>
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

  // The context that the calling thread runs; null if it is of no crew.
  static boost::asio::io_context* own_context() {
    return current_ == nullptr ? nullptr : &current_->own_;
  }

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

// Where the work of a strand belongs, and a lock that is held while any of it runs: who has the
// lock and is not on the strand is alone just the same, for the price of a lock
// (`std::try_to_lock`; what waits for something must not be done so, and nothing may be dispatched
// to the strand meanwhile). Outlives its strand's work.
struct LockedHome {
  explicit LockedHome(boost::asio::io_context& home) : context(home) {}
  boost::asio::io_context& context;
  std::mutex mutex = {};
};

// An executor for strands. The strand keeps two threads out of each other's way; with the executor
// of one context it would also bring every call to that context's thread and back, two wake-ups
// for a few microseconds of work. What is dispatched from a thread of the crew runs there and then,
// what is posted runs there later; from any other thread it goes home. Sockets and timers belong
// to home. As small as a pointer: what is larger would not fit into Asio's any_io_executor, which
// then allocates, counts references, and has ThreadSanitizer see races in its counting.
class NearExecutor {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): as the strands of Asio are made of each other
  NearExecutor(const boost::asio::io_context::executor_type& home) noexcept
      : bits_(reinterpret_cast<std::uintptr_t>(
            &boost::asio::query(home, boost::asio::execution::context))) {}
  explicit NearExecutor(LockedHome& home) noexcept
      : bits_(reinterpret_cast<std::uintptr_t>(&home) | kLocked) {}

  boost::asio::io_context& context() const noexcept {
    LockedHome* const home = locked_home();
    return home != nullptr ? home->context : *reinterpret_cast<boost::asio::io_context*>(place());
  }

  boost::asio::io_context& query(boost::asio::execution::context_t) const noexcept {
    return context();
  }
  boost::asio::execution::blocking_t query(boost::asio::execution::blocking_t) const noexcept {
    using boost::asio::execution::blocking;
    if ((bits_ & kNeverBlocks) != 0) return blocking.never;
    return blocking.possibly;
  }
  NearExecutor require(boost::asio::execution::blocking_t::never_t) const noexcept {
    return NearExecutor(bits_ | kNeverBlocks);
  }
  NearExecutor require(boost::asio::execution::blocking_t::possibly_t) const noexcept {
    return NearExecutor(bits_ & ~kNeverBlocks);
  }

  template <class Job>
  void execute(Job&& job) const {
    using boost::asio::execution::blocking;
    boost::asio::io_context* const here = CrewThread::context_beside(context());
    const bool later = (bits_ & kNeverBlocks) != 0;
    if (here != nullptr && !later) {
      run(locked_home(), std::decay_t<Job>(std::forward<Job>(job)));
      return;
    }
    const auto executor = (here != nullptr ? *here : context()).get_executor();
    auto run_job = [home = locked_home(),
                    mine = std::decay_t<Job>(std::forward<Job>(job))]() mutable {
      run(home, std::move(mine));
    };
    if (later) {
      boost::asio::require(executor, blocking.never).execute(std::move(run_job));
    } else {
      executor.execute(std::move(run_job));
    }
  }

  friend bool operator==(const NearExecutor& a, const NearExecutor& b) noexcept {
    return a.bits_ == b.bits_;
  }
  friend bool operator!=(const NearExecutor& a, const NearExecutor& b) noexcept {
    return a.bits_ != b.bits_;
  }

 private:
  // In the lowest bits of an address: what stands there is aligned.
  static constexpr std::uintptr_t kNeverBlocks = 1;
  static constexpr std::uintptr_t kLocked = 2;
  static_assert(alignof(LockedHome) >= 4 && alignof(boost::asio::io_context) >= 4);

  explicit NearExecutor(std::uintptr_t bits) noexcept : bits_(bits) {}

  std::uintptr_t place() const noexcept { return bits_ & ~(kNeverBlocks | kLocked); }
  LockedHome* locked_home() const noexcept {
    return (bits_ & kLocked) == 0 ? nullptr : reinterpret_cast<LockedHome*>(place());
  }

  template <class Job>
  static void run(LockedHome* home, Job job) {
    if (home == nullptr) {
      std::move(job)();
      return;
    }
    const std::lock_guard lock(home->mutex);
    std::move(job)();
  }

  std::uintptr_t bits_;
};

}  // namespace twindow
