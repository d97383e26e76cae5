// SPDX-License-Identifier: Apache-2.0
// How the pretend Twilio behaves when no rule says otherwise.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "twindow/base/clock.h"

namespace twindow::sim {

// How a freeform WhatsApp send outside the window ends. Field reports differ: most show one
// `undelivered`, some a `sent` before it, some `failed`.
enum class WindowClosed : std::uint8_t { Undelivered, Failed, SentUndelivered };

// What Twilio and WhatsApp bound, each off unless it is switched on (contract section 7).
struct SendLimits {
  // Each sender sends at its own rate, what is over waits in a queue, and queues may be full.
  bool sender_rates = false;
  std::size_t daily_users = 0;         // a sender writes first to so many in 24 h; 0: no bound
  std::size_t marketing_per_user = 0;  // templates that a user gets in 24 h; 0: no bound

  bool any() const { return sender_rates || daily_users > 0 || marketing_per_user > 0; }
  friend bool operator==(const SendLimits&, const SendLimits&) = default;
};

// Each delay is drawn between its minimum and minimum + spread, from the seed.
struct CarrierProfile {
  WindowClosed window_closed = WindowClosed::Undelivered;
  bool reads = false;  // users without a persona of their own read what they get on WhatsApp
  SendLimits limits = {};
  Duration closed_after = std::chrono::seconds(2);         // exactly: from the create to 63016
  Duration queued_after = std::chrono::milliseconds(100);  // sends through a service
  Duration sent_after_min = std::chrono::milliseconds(300);
  Duration sent_after_spread = std::chrono::milliseconds(400);
  Duration delivered_after_min = std::chrono::milliseconds(500);  // from `sent`
  Duration delivered_after_spread = std::chrono::milliseconds(500);
};

}  // namespace twindow::sim
