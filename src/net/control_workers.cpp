// SPDX-License-Identifier: Apache-2.0
#include "src/net/control_workers.h"

#include <algorithm>

namespace twindow::net {

void ControlWorkers::enqueue(std::function<void()> serve) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(serve));
  if (waiting_.size() > free_ && threads_.size() < threads_max_) {
    ++free_;
    threads_.emplace_back([this] { work(); });
  }
  tell_starving();
  news_.notify_one();
}

void ControlWorkers::shutdown() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  news_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ControlWorkers::tell_starving() {
  connections_.starving(waiting_.size() - std::min(waiting_.size(), free_));
}

void ControlWorkers::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    news_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
    --free_;
    if (waiting_.empty()) return;
    const auto serve = std::move(waiting_.front());
    waiting_.pop_front();
    tell_starving();
    lock.unlock();
    serve();
    lock.lock();
    ++free_;
  }
}

}  // namespace twindow::net
