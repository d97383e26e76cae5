// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/virtual_time.h"

#include <algorithm>

namespace twindow {

TimerId VirtualTime::at(Time due, TimerKind kind, std::function<void()> fire) {
  const Key key{due, ++last_id_};
  due_.emplace(key, Event{kind, std::move(fire)});
  if (kind == TimerKind::Progress) progress_due_.insert(key);
  due_of_.emplace(key.second, due);
  return key.second;
}

void VirtualTime::cancel(TimerId id) {
  const auto found = due_of_.find(id);
  if (found == due_of_.end()) return;
  const Key key{found->second, id};
  due_.erase(key);
  progress_due_.erase(key);
  due_of_.erase(found);
}

std::optional<Time> VirtualTime::next_due() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first.first;
}

std::optional<Time> VirtualTime::next_progress_due() const {
  if (progress_due_.empty()) return std::nullopt;
  return progress_due_.begin()->first;
}

bool VirtualTime::step(Time until) {
  until = std::max(now_, until);
  if (due_.empty() || due_.begin()->first.first > until) {
    now_ = until;
    return false;
  }
  auto node = due_.extract(due_.begin());
  progress_due_.erase(node.key());
  due_of_.erase(node.key().second);
  now_ = std::max(now_, node.key().first);
  node.mapped().fire();
  return true;
}

void VirtualTime::clear() {
  due_.clear();
  progress_due_.clear();
  due_of_.clear();
}

}  // namespace twindow
