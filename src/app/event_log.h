// SPDX-License-Identifier: Apache-2.0
// What happens in the worlds, a line each in the log.
#pragma once

#include "twindow/gateway/event_bus.h"

#include "src/app/log.h"

namespace twindow::app {

// Writes until the bus is closed. `events` and `log` outlive that, or the strand's coroutines.
void log_events(gateway::EventBus& events, Log& log, const Strand& strand);

// "message SM… undelivered 63016 whatsapp:+1415… -> whatsapp:+52…"; numbers are masked by the log.
std::string log_line(const Event& event);

}  // namespace twindow::app
