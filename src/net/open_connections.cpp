// SPDX-License-Identifier: Apache-2.0
#include "src/net/open_connections.h"

#include <sys/socket.h>

namespace twindow::net {

bool OpenConnections::add(Id id, int descriptor) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return false;
  entries_.emplace(id, Entry{descriptor});
  return true;
}

void OpenConnections::remove(Id id) {
  const std::lock_guard lock(mutex_);
  entries_.erase(id);
  if (entries_.empty()) emptied_.notify_all();
}

std::size_t OpenConnections::size() const {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

bool OpenConnections::begin_idle(Id id) {
  const std::lock_guard lock(mutex_);
  if (stopping_ || newcomers_ > 0) return false;
  entries_.at(id).idle_turn = ++turns_;
  return true;
}

void OpenConnections::end_idle(Id id) {
  const std::lock_guard lock(mutex_);
  entries_.at(id).idle_turn = 0;
}

void OpenConnections::starving(std::size_t newcomers) {
  const std::lock_guard lock(mutex_);
  for (; newcomers_ < newcomers; ++newcomers_) end_longest_idle();
  newcomers_ = newcomers;
}

void OpenConnections::end_longest_idle() {
  Entry* longest_idle = nullptr;
  for (auto& [id, entry] : entries_) {
    if (entry.idle_turn == 0) continue;
    if (!longest_idle || entry.idle_turn < longest_idle->idle_turn) longest_idle = &entry;
  }
  if (!longest_idle) return;
  ::shutdown(longest_idle->descriptor, SHUT_RD);
  longest_idle->idle_turn = 0;  // the next newcomer ends another one
}

bool OpenConnections::somebody_waits() const {
  const std::lock_guard lock(mutex_);
  return newcomers_ > 0;
}

bool OpenConnections::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void OpenConnections::begin_stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (auto& [id, entry] : entries_) ::shutdown(entry.descriptor, SHUT_RD);
}

bool OpenConnections::wait_until_empty(std::chrono::milliseconds longest) {
  std::unique_lock lock(mutex_);
  return emptied_.wait_for(lock, longest, [this] { return entries_.empty(); });
}

void OpenConnections::end_all() {
  const std::lock_guard lock(mutex_);
  for (auto& [id, entry] : entries_) ::shutdown(entry.descriptor, SHUT_RDWR);
}

}  // namespace twindow::net
