// SPDX-License-Identifier: Apache-2.0
#include "src/gateway/idempotency_tables.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace twindow::gateway {

namespace {

// An answer that would be the same again: the message was made, or the request is wrong as it is.
bool is_for_good(int status) {
  if (status >= 200 && status < 300) return true;
  return status >= 400 && status < 500 && status != 401 && status != 403 && status != 408 &&
         status != 429;
}

std::size_t size_of(const TwilioAnswer& answer) {
  std::size_t bytes = answer.body.size();
  for (const Param& header : answer.headers) bytes += header.name.size() + header.value.size();
  return bytes;
}

void move_to(Waiters& all, Waiters& some) {
  std::move(some.begin(), some.end(), std::back_inserter(all));
  some.clear();
}

}  // namespace

IdempotencyTables::KeyState IdempotencyTables::take_key(const std::string& key,
                                                        const std::string& params, Time now) {
  forget_old(now);
  const auto [entry, first] = keys_.try_emplace(key, Key{.params = params});
  if (first) return {.place = Place::Mine};
  const bool same = entry->second.params == params;
  if (entry->second.answer == nullptr) return {.place = Place::Taken, .same_parameters = same};
  return {.place = Place::Answered, .same_parameters = same, .answer = entry->second.answer};
}

bool IdempotencyTables::wait_for_key(const std::string& key, Waiter& waiter) {
  const auto entry = keys_.find(key);
  if (entry == keys_.end() || entry->second.answer != nullptr) return false;
  entry->second.waiters.push_back(std::move(waiter));
  return true;
}

Waiters IdempotencyTables::end_key(const std::string& key, const Answer& answer, Time now) {
  const auto entry = keys_.find(key);
  if (entry == keys_.end()) return {};
  Waiters waiters = std::exchange(entry->second.waiters, Waiters());
  if (answer != nullptr && is_for_good(answer->status)) {
    keep(key, entry->second, answer, now);
  } else {
    keys_.erase(entry);
  }
  return waiters;
}

void IdempotencyTables::keep(const std::string& key, Key& entry, const Answer& answer, Time now) {
  entry.answer = answer;
  answered_.push_back({.key = key, .at = now, .bytes = size_of(*answer)});
  bytes_ += answered_.back().bytes;
  forget_old(now);
}

void IdempotencyTables::forget_old(Time now) {
  while (!answered_.empty()) {
    const Answered& oldest = answered_.front();
    const bool fits = answered_.size() <= options_.keys_max && bytes_ <= options_.bytes_max;
    if (fits && now - oldest.at < options_.answer_age) return;
    bytes_ -= oldest.bytes;
    keys_.erase(oldest.key);
    answered_.pop_front();
  }
}

IdempotencyTables::LostState IdempotencyTables::take_lost(const std::string& params, Time now) {
  const auto entry = lost_.find(params);
  if (entry == lost_.end()) return {.place = Place::Answered};
  Lost& lost = entry->second;
  if (lost.looking) return {.place = Place::Taken};
  if (is_over(lost, now)) {
    lost_.erase(entry);
    return {.place = Place::Answered};
  }
  lost.looking = true;
  return {.place = Place::Mine, .since = lost.since};
}

bool IdempotencyTables::wait_for_lost(const std::string& params, Waiter& waiter) {
  const auto entry = lost_.find(params);
  if (entry == lost_.end() || !entry->second.looking) return false;
  entry->second.waiters.push_back(std::move(waiter));
  return true;
}

Waiters IdempotencyTables::end_look(const std::string& params, bool resolved) {
  const auto entry = lost_.find(params);
  if (entry == lost_.end()) return {};
  Lost& lost = entry->second;
  Waiters waiters = std::exchange(lost.waiters, Waiters());
  lost.looking = false;
  const std::optional<Time> again = std::exchange(lost.again, std::nullopt);
  if (!resolved) return waiters;
  // What was found, or is not there, is the first one; of the other nothing is known.
  if (again) {
    lost.since = *again;
  } else {
    lost_.erase(entry);
  }
  return waiters;
}

void IdempotencyTables::mark_lost(const std::string& params, Time begun, Time now) {
  if (options_.lost_answer <= Duration::zero()) return;
  const Time until = now + options_.lost_answer;
  lost_until_ = std::max(lost_until_, until);
  if (const auto entry = lost_.find(params); entry != lost_.end() && !is_over(entry->second, now)) {
    Lost& lost = entry->second;
    lost.until = std::max(lost.until, until);
    if (lost.looking) {
      lost.again = std::min(lost.again.value_or(begun), begun);
    } else {
      lost.since = std::min(lost.since, begun);
    }
    return;
  }
  make_room_for_lost(now);
  if (lost_.size() >= options_.lost_max) return;
  lost_.insert_or_assign(params, Lost{.since = begun, .until = until});
}

void IdempotencyTables::make_room_for_lost(Time now) {
  if (lost_.size() < options_.lost_max) return;
  std::erase_if(lost_, [&](const auto& entry) { return is_over(entry.second, now); });
  if (lost_.size() < options_.lost_max) return;
  auto first = lost_.end();
  for (auto each = lost_.begin(); each != lost_.end(); ++each) {
    if (each->second.looking) continue;
    if (first == lost_.end() || each->second.until < first->second.until) first = each;
  }
  if (first != lost_.end()) lost_.erase(first);
}

bool IdempotencyTables::any_lost(Time now) const {
  if (lost_.empty()) return false;
  return now < lost_until_ ||
         std::ranges::any_of(lost_, [](const auto& entry) { return entry.second.looking; });
}

std::optional<Time> IdempotencyTables::lost_since(const std::string& params, Time now) const {
  const auto entry = lost_.find(params);
  if (entry == lost_.end() || is_over(entry->second, now)) return std::nullopt;
  return entry->second.since;
}

Waiters IdempotencyTables::close() {
  closed_ = true;
  Waiters all;
  for (auto& [key, entry] : keys_) move_to(all, entry.waiters);
  for (auto& [params, lost] : lost_) move_to(all, lost.waiters);
  return all;
}

}  // namespace twindow::gateway
