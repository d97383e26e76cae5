// SPDX-License-Identifier: Apache-2.0
// What few create calls say. Source: the create parameters of Twilio's Message resource; names are
// Twilio's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/address.h"

namespace twindow {

struct SendOptions {
  std::optional<Time> send_at = {};           // with ScheduleType=fixed; else it is sent at once
  std::optional<Duration> validity = {};      // ValidityPeriod: longest time in a queue
  std::optional<Address> fallback_from = {};  // for RCS that fails
  std::vector<std::string> persistent_action = {};  // "geo:<lat>,<lng>|<label>"
  std::optional<bool> smart_encoded = {};           // absent: as its service says
  std::optional<int> attempt = {};
  bool provide_feedback = false;
  bool force_delivery = false;
  bool shorten_urls = false;
  bool send_as_mms = false;
  bool discard_content = false;    // ContentRetention=discard: the body goes once it has ended
  bool obfuscate_address = false;  // AddressRetention=obfuscate: `to` is masked once it has ended
  // Kept as they came; they change nothing here.
  std::string max_price = {};
  std::string traffic_type = {};
  std::string risk_check = {};
  std::string message_intent = {};
  std::string tags = {};
  std::string application_sid = {};

  friend bool operator==(const SendOptions&, const SendOptions&) = default;
};

}  // namespace twindow
