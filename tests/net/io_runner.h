// SPDX-License-Identifier: Apache-2.0
// An io_context and the threads that run it, for tests of what blocks or awaits.
#pragma once

#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

namespace twindow::test {

class IoRunner {
 public:
  explicit IoRunner(int threads = 2) {
    for (int n = 0; n < threads; ++n) threads_.emplace_back([this] { context_.run(); });
  }
  ~IoRunner() { stop(); }

  boost::asio::io_context::executor_type executor() { return context_.get_executor(); }
  void stop() {
    work_.reset();
    context_.stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      context_.get_executor()};
  std::vector<std::thread> threads_;
};

}  // namespace twindow::test
