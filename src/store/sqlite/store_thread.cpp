// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/store_thread.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "twindow/base/limits.h"

namespace twindow::store::sqlite {

StoreThread::StoreThread(std::unique_ptr<Database> database)
    : database_(std::move(database)), thread_([this] { run(); }) {}

void StoreThread::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  news_.notify_one();
  if (thread_.joinable()) thread_.join();
  database_.reset();
}

void StoreThread::push(std::unique_ptr<Operation> operation, Operations Waiting::*queue) {
  std::unique_lock lock(mutex_);
  const char* refusal = nullptr;
  if (closed_) {
    refusal = "the store is closed";
  } else if ((waiting_.*queue).size() >= limits::kStoreWaitingMax) {
    refusal = "too much waits for the store";
  }
  if (refusal != nullptr) {
    lock.unlock();
    operation->refuse(Error{Errc::Unavailable, refusal});
    return;
  }
  const bool wake = waiting_.empty();
  (waiting_.*queue).push_back(std::move(operation));
  lock.unlock();
  if (wake) news_.notify_one();
}

// Nothing: closed, and all is done.
std::optional<StoreThread::Waiting> StoreThread::take() {
  std::unique_lock lock(mutex_);
  news_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
  if (waiting_.empty()) return std::nullopt;
  Waiting taken;
  taken.reads.swap(waiting_.reads);
  taken.writes.swap(waiting_.writes);
  return taken;
}

void StoreThread::run() {
  while (auto taken = take()) {
    for (const auto& read : taken->reads) {
      read->run(*database_);
      read->answer();
      database_->take_failure();
    }
    for (std::span rest(taken->writes); !rest.empty();) {
      const std::size_t count = std::min(rest.size(), limits::kStoreBatchMax);
      write_together(rest.first(count));
      rest = rest.subspan(count);
    }
  }
}

void StoreThread::write_together(std::span<std::unique_ptr<Operation>> writes) {
  const Result<void> written = try_together(writes);
  if (written) {
    answer_together(writes);
  } else if (writes.size() == 1) {
    writes.front()->refuse(written.error());
  } else {
    // One that cannot be stored must not take the others with it.
    for (auto& write : writes) write_together({&write, 1});
  }
}

// One wake-up for each thread that has asked, however many of its calls are answered.
void StoreThread::answer_together(std::span<std::unique_ptr<Operation>> done) {
  std::vector<std::pair<boost::asio::io_context*, Operations>> askers;
  for (auto& operation : done) {
    boost::asio::io_context* const asker = operation->asked_by();
    if (asker == nullptr) {
      operation->answer();
      continue;
    }
    auto its = std::ranges::find(askers, asker, [](const auto& each) { return each.first; });
    if (its == askers.end()) its = askers.insert(its, {asker, Operations()});
    its->second.push_back(std::move(operation));
  }
  for (auto& [asker, operations] : askers) {
    run_there(*asker, [operations = std::move(operations)] {
      for (const auto& operation : operations) operation->answer_here();
    });
  }
}

Result<void> StoreThread::try_together(std::span<std::unique_ptr<Operation>> writes) {
  Result<void> done = database_->begin();
  for (const auto& write : writes) {
    if (!done) break;
    write->run(*database_);
    if (auto failure = database_->take_failure()) done = Unexpected(*std::move(failure));
  }
  if (done) done = database_->commit();
  if (!done) database_->roll_back();
  return done;
}

}  // namespace twindow::store::sqlite
