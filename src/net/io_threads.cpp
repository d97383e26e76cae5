// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/io_threads.h"

#include <csignal>
#include <functional>

#include <boost/asio/executor_work_guard.hpp>

#include "twindow/base/check.h"

namespace twindow::net {

class IoThreads::Context : public boost::asio::io_context {
 public:
  // Hint 1: one thread runs it, so Asio may skip waking others; posting stays thread-safe.
  Context() : boost::asio::io_context(1), guard_(boost::asio::make_work_guard(*this)) {}

  using boost::asio::execution_context::shutdown;

 private:
  boost::asio::executor_work_guard<executor_type> guard_;
};

namespace {

// OpenSSL writes to sockets without MSG_NOSIGNAL; a peer that has gone must not end the program.
// Where the signal is blocked, write() just says EPIPE.
void refuse_broken_pipes() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

IoThreads::IoThreads(unsigned count) {
  for (unsigned i = 0; i < std::max(count, 1u); ++i) {
    contexts_.push_back(std::make_unique<Context>());
    crew_.push_back(contexts_.back().get());
  }
}

IoThreads::~IoThreads() {
  stop();
  discard();
}

void IoThreads::discard() {
  TWINDOW_CHECK(threads_.empty());
  // A coroutine pending on one context may own sockets and timers of another. Destroying the
  // contexts one by one would free such a frame when the services of its sockets are gone. So first
  // every context drops its pending handlers, while all services still exist; only then they go.
  for (const auto& context : contexts_) context->shutdown();
}

void IoThreads::run() {
  TWINDOW_CHECK(threads_.empty());
  for (const auto& context : contexts_) {
    context->restart();
    threads_.emplace_back([this, &io = *context] {
      refuse_broken_pipes();
      const CrewThread member(crew_, io);
      io.run();
    });
  }
}

void IoThreads::stop() {
  for (const auto& context : contexts_) context->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

boost::asio::io_context& IoThreads::context(unsigned index) {
  TWINDOW_CHECK(index < contexts_.size());
  return *contexts_[index];
}

Strand IoThreads::make_strand(std::string_view key) {
  const auto index = std::hash<std::string_view>()(key) % contexts_.size();
  return Strand(NearExecutor(contexts_[index]->get_executor()));
}

boost::asio::io_context& IoThreads::next() {
  const unsigned turn = turn_.fetch_add(1, std::memory_order_relaxed);
  return *contexts_[turn % contexts_.size()];
}

}  // namespace twindow::net
