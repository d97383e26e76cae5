// SPDX-License-Identifier: Apache-2.0
// One event of a server as one line for people.
#pragma once

#include <string>

#include "src/app/cli/terminal.h"
#include "src/app/json.h"

namespace twindow::app {

// `10:02:11 --> message.undelivered 63016 [SM…] whatsapp:+52…`
// `10:02:11 <-- [200] POST https://app.example.com/twilio/status`
std::string event_line(const Json& event, const Terminal& terminal);

// `[200] POST URL`, `[---] POST URL: why there was no answer`. Of a callback, or of the "webhook"
// that /__admin/simulate answers.
std::string webhook_text(const Json& callback, const Terminal& terminal);

// "2026-01-05T10:02:11.000Z": the day and time "2026-01-05 10:02:11", the time "10:02:11".
std::string day_and_time(const std::string& iso);
std::string time_of_day(const std::string& iso);

// Red for undelivered and failed, green for delivered and read.
std::string painted_status(const std::string& status, const Terminal& terminal);

}  // namespace twindow::app
