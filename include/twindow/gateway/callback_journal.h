// SPDX-License-Identifier: Apache-2.0
// Every webhook that was tried, newest last; the oldest are forgotten.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "twindow/model/webhook.h"

namespace twindow::gateway {

// Belongs to one world's strand.
class CallbackJournal {
 public:
  explicit CallbackJournal(std::size_t records_max) : records_max_(records_max) {}

  void add(WebhookRecord record);  // without its token
  const WebhookRecord* find(std::string_view id) const;
  std::size_t size() const { return records_.size(); }
  const std::deque<WebhookRecord>& records() const { return records_; }  // oldest first
  void clear();

 private:
  std::size_t records_max_;
  std::deque<WebhookRecord> records_;
  std::uint64_t dropped_ = 0;
  std::unordered_map<std::string, std::uint64_t> place_of_;  // dropped_ is the first one's
};

}  // namespace twindow::gateway
