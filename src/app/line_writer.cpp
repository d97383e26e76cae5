// SPDX-License-Identifier: Apache-2.0
#include "src/app/line_writer.h"

#include <utility>

#include "twindow/base/limits.h"

namespace twindow::app {

LineWriter::LineWriter(Write write) : write_(std::move(write)), thread_([this] { run(); }) {}

LineWriter::~LineWriter() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  news_.notify_one();
  thread_.join();
}

void LineWriter::add(std::string_view line) {
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    wake = waiting_.empty() && !resting_;
    waiting_ += line;
    // Half of them at once: what is dropped line by line would be moved for each line.
    if (waiting_.size() > limits::kLogBytesWaitingMax) {
      waiting_.erase(0, waiting_.find('\n', waiting_.size() / 2) + 1);
    }
  }
  if (wake) news_.notify_one();
}

void LineWriter::run() {
  std::string taken;
  std::unique_lock lock(mutex_);
  for (;;) {
    news_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    taken.clear();
    taken.swap(waiting_);  // the two take turns, and keep their memory
    lock.unlock();
    write_(taken);
    lock.lock();
    resting_ = true;
    news_.wait_for(lock, limits::kLogRest, [this] { return ending_; });
    resting_ = false;
  }
}

}  // namespace twindow::app
