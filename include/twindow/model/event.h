// SPDX-License-Identifier: Apache-2.0
// What others may want to hear of: the stream behind `twindow listen` and /__admin/events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "twindow/base/clock.h"
#include "twindow/model/alert.h"
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
struct ClosingSoonEvent {  // nobody has written again
  Window window;
  Time closes;
};
struct ClockEvent {
  Time now;
  std::string text;  // "advanced 24h", "set"
};
struct DecisionEvent {  // a send was decided, and entered in the ledger
  LedgerEntry entry;
};
struct BackfillEvent {  // one sender: what was sent to it while we did not listen was read
  Address sender;
  std::size_t messages = 0;
  std::size_t users = 0;
  std::string error = {};  // it could not be; it will be tried again
};
struct AlertEvent {  // the debugger has a new entry
  Alert alert;
};
struct ResetEvent {};

struct Event {
  using What = std::variant<MessageEvent, WebhookEvent, WindowEvent, ClosingSoonEvent, ClockEvent,
                            DecisionEvent, BackfillEvent, AlertEvent, ResetEvent>;

  std::uint64_t id = 0;  // increases by one on a server; given by the event bus
  Time at;
  AccountSid account;
  What what;
};

}  // namespace twindow
