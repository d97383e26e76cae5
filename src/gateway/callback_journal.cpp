// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/callback_journal.h"

namespace twindow::gateway {

void CallbackJournal::add(WebhookRecord record) {
  place_of_.emplace(record.webhook.id, dropped_ + records_.size());
  records_.push_back(std::move(record));
  if (records_.size() <= records_max_) return;
  place_of_.erase(records_.front().webhook.id);
  records_.pop_front();
  ++dropped_;
}

const WebhookRecord* CallbackJournal::find(std::string_view id) const {
  const auto found = place_of_.find(std::string(id));
  return found == place_of_.end() ? nullptr : &records_[found->second - dropped_];
}

void CallbackJournal::clear() {
  records_.clear();
  place_of_.clear();
  dropped_ = 0;
}

}  // namespace twindow::gateway
