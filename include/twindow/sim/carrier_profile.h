// SPDX-License-Identifier: Apache-2.0
// How the pretend Twilio behaves when no rule says otherwise.
#pragma once

#include <chrono>
#include <cstdint>

#include "twindow/base/clock.h"

namespace twindow::sim {

// How a freeform WhatsApp send outside the window ends. Field reports differ: most show one
// `undelivered`, some a `sent` before it, some `failed`.
enum class WindowClosed : std::uint8_t { Undelivered, Failed, SentUndelivered };

// Each delay is drawn between its minimum and minimum + spread, from the seed.
struct CarrierProfile {
  WindowClosed window_closed = WindowClosed::Undelivered;
  Duration closed_after = std::chrono::seconds(2);         // exactly: from the create to 63016
  Duration queued_after = std::chrono::milliseconds(100);  // sends through a service
  Duration sent_after_min = std::chrono::milliseconds(300);
  Duration sent_after_spread = std::chrono::milliseconds(400);
  Duration delivered_after_min = std::chrono::milliseconds(500);  // from `sent`
  Duration delivered_after_spread = std::chrono::milliseconds(500);
};

}  // namespace twindow::sim
