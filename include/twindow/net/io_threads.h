// SPDX-License-Identifier: Apache-2.0
// The threads of the program's sockets and coroutines: one io_context each, so that what runs on
// one context needs no lock against itself.
#pragma once

#include <atomic>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include "twindow/base/task.h"

namespace twindow::net {

// Outlives everything that runs on it: servers, clients, worlds. `context`, `make_strand` and
// `next` may be called from any thread, also before run(); run() and stop() by the owner only.
class IoThreads {
 public:
  // No thread starts yet. `count` of 0 counts as 1.
  explicit IoThreads(unsigned count);
  // Stops, then destroys whatever is still pending on any context.
  ~IoThreads();
  IoThreads(const IoThreads&) = delete;
  IoThreads& operator=(const IoThreads&) = delete;

  // Starts the threads; they run until stop(), with or without work.
  void run();
  // Lets each thread finish the handler it is in, and joins them. Idempotent; not for use from one
  // of the threads. What is pending stays so until the destructor.
  void stop();
  // After stop(): ends every coroutine that is still pending, so that what they refer to may go.
  void discard();
  bool running() const { return !threads_.empty(); }

  unsigned size() const { return static_cast<unsigned>(contexts_.size()); }
  boost::asio::io_context& context(unsigned index);
  // Strands of one key are all at home on the same context; their work runs on whichever of these
  // threads brings it.
  Strand make_strand(std::string_view key);
  // Round robin.
  boost::asio::io_context& next();

 private:
  class Context;
  Crew crew_;  // first: what is pending on a context may refer to it
  std::vector<std::unique_ptr<Context>> contexts_;
  std::vector<std::thread> threads_;
  std::atomic<unsigned> turn_ = 0;
};

}  // namespace twindow::net
