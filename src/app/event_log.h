// SPDX-License-Identifier: Apache-2.0
// What happens in the worlds, a line each in the log.
#pragma once

#include <string>

#include "twindow/ports/event_sink.h"

#include "src/app/log.h"

namespace twindow::app {

// Logs each event where it happened, on the thread it happened on, and hands it on to `next` if
// that wants it. As a subscriber of the event bus the log would cost every send a copy of its
// message and two wake-ups of other threads. The references outlive it.
class EventLog final : public ports::EventSink {
 public:
  EventLog(Log& log, ports::EventSink& next) : log_(log), next_(next) {}

  bool wanted() const override { return true; }
  void record(const Event& event) override;
  void record_message(Time at, const Message& message) override;

 private:
  Log& log_;
  ports::EventSink& next_;
};

// "AC… message SM… undelivered 63016 whatsapp:+14•••00 -> whatsapp:+52•••23", masked already.
std::string log_line(const Event& event, Pii pii);

}  // namespace twindow::app
