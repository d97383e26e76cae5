// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "twindow/model/event.h"

namespace twindow::ports {

// Who hears of what happened. Thread-safe, never blocks, never fails.
class EventSink {
 public:
  virtual ~EventSink() = default;
  virtual bool wanted() const = 0;       // false: nobody listens; building the event can be saved
  virtual void record(Event event) = 0;  // gives the event its id
};

}  // namespace twindow::ports
