// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "twindow/model/event.h"

namespace twindow::ports {

// Who hears of what happened. Thread-safe, never blocks, never fails.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual bool wanted() const = 0;  // false: nobody listens; building the event can be saved
  // A reference, since who listens on the spot needs no copy; `event.id` is not set yet.
  virtual void record(const Event& event) = 0;
  // The commonest event by far, for who can do without a copy of the message.
  virtual void record_message(Time at, const Message& message) {
    if (!wanted()) return;
    record(Event{.at = at, .account = message.account, .what = MessageEvent{message}});
  }
};

}  // namespace twindow::ports
