// SPDX-License-Identifier: Apache-2.0
// What others may want to hear of: the stream behind `twindow listen` and /__admin/events.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "twindow/base/clock.h"
#include "twindow/model/ledger.h"
#include "twindow/model/message.h"
#include "twindow/model/webhook.h"
#include "twindow/model/window.h"

namespace twindow {

struct MessageEvent {  // created, or come to a new status
  Message message;
};
struct WebhookEvent {  // tried and settled
  WebhookRecord record;
};
struct WindowEvent {  // opened, extended, or closed
  Window window;
  WindowState state;
};
struct ClockEvent {
  Time now;
  std::string text;  // "advanced 24h", "set"
};
struct DecisionEvent {  // a send was decided, and entered in the ledger
  LedgerEntry entry;
};
struct ResetEvent {};

struct Event {
  std::uint64_t id = 0;  // increases by one on a server; given by the event bus
  Time at;
  AccountSid account;
  std::variant<MessageEvent, WebhookEvent, WindowEvent, ClockEvent, DecisionEvent, ResetEvent> what;
};

}  // namespace twindow
