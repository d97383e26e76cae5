// SPDX-License-Identifier: Apache-2.0
#include "src/store/memory_index.h"

#include <algorithm>

namespace twindow::store {

namespace {
// So few places are looked at one by one; more lie close together.
constexpr std::size_t kFew = 4096;
// What is gone is forgotten once it is as much as what is there, and this.
constexpr std::size_t kSlack = 4096;
}  // namespace

void MemoryIndex::clear_addresses() {
  by_to_.clear();
  by_sender_.clear();
  read_until_ = 0;
  read_ = 0;
}

void MemoryIndex::clear() {
  clear_addresses();
  sent_.clear();
  in_order_ = true;
}

void MemoryIndex::catch_up(const Messages& messages) {
  if (read_ > 2 * messages.size() + kSlack) clear_addresses();
  for (auto at = messages.upper_bound(read_until_); at != messages.end(); ++at) {
    by_to_[at->second.to.text].push_back(at->first);
    by_sender_[at->second.sender.text].push_back(at->first);
    read_until_ = at->first;
    ++read_;
  }
}

std::span<const MemoryIndex::Place> MemoryIndex::of(const Places& places,
                                                    const std::string& address) {
  const auto found = places.find(address);
  if (found == places.end()) return {};
  return found->second;
}

MemoryIndex::Candidates MemoryIndex::candidates(const MessageFilter& filter,
                                                const Messages& messages) {
  Candidates found;
  if (filter.to || filter.from) catch_up(messages);
  if (filter.to) found.only = of(by_to_, *filter.to);
  if (filter.from) {
    const std::span<const Place> sent = of(by_sender_, *filter.from);
    if (!found.only || sent.size() < found.only->size()) found.only = sent;
  }
  if (!found.only && (filter.sent_from || filter.sent_before)) {
    narrow_by_time(filter, messages, found);
  }
  return found;
}

void MemoryIndex::narrow_by_time(const MessageFilter& filter, const Messages& messages,
                                 Candidates& found) {
  if (!in_order_) return;
  if (sent_.size() > 2 * messages.size() + kSlack) {
    std::erase_if(sent_, [&](const auto& one) { return !messages.contains(one.second); });
  }
  const auto before = [](const auto& one, Time at) { return one.first < at; };
  const auto begin = filter.sent_from
                         ? std::lower_bound(sent_.begin(), sent_.end(), *filter.sent_from, before)
                         : sent_.begin();
  const auto end = filter.sent_before
                       ? std::lower_bound(sent_.begin(), sent_.end(), *filter.sent_before, before)
                       : sent_.end();
  if (begin >= end) {
    found.only.emplace();
    return;
  }
  if (static_cast<std::size_t>(end - begin) <= kFew) {
    for (auto one = begin; one != end; ++one) found.own.push_back(one->second);
    std::ranges::sort(found.own);
    found.only = found.own;
    return;
  }
  const auto [first, last] = std::minmax_element(
      begin, end, [](const auto& a, const auto& b) { return a.second < b.second; });
  found.first = first->second;
  found.last = last->second;
}

}  // namespace twindow::store
