// SPDX-License-Identifier: Apache-2.0
// The debugger of one world: what went wrong between Twilio and the app, the newest of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "twindow/model/alert.h"
#include "twindow/model/webhook.h"

namespace twindow::gateway {

// Twilio's number for a webhook that did not go well; 0 if it did. Of answers 4xx and 5xx are
// 11200, a redirect that was not followed 11216. Source: Twilio's error dictionary.
int alert_code_of(const WebhookOutcome& outcome);

// Its number for a reply that could not be sent.
int alert_code_of(const Error& error);

// The exchange of an entry, without SID, time, number and text.
Alert alert_about(const WebhookRecord& record);

// Belongs to one world's strand. Beyond its bound the oldest go.
class AlertBook {
 public:
  AlertBook(std::uint64_t seed, const AccountSid& account, std::size_t most);

  const Alert& add(Alert alert);  // gives it its SID
  std::vector<Alert> newest_first() const { return {alerts_.rbegin(), alerts_.rend()}; }
  const Alert* find(const std::string& sid) const;
  void clear();

 private:
  const std::uint64_t seed_;
  const AccountSid account_;
  const std::size_t most_;
  SidSource sids_;
  std::deque<Alert> alerts_ = {};
};

}  // namespace twindow::gateway
