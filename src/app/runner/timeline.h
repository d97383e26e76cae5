// SPDX-License-Identifier: Apache-2.0
// What happened in a world, told twice: for the person who asks why a scenario failed, and as a
// transcript, which is the same in every run.
#pragma once

#include <string>
#include <vector>

#include "src/app/cli/server.h"
#include "src/app/json.h"

namespace twindow::app {

// Messages of both directions with their timelines, and callbacks; the oldest first.
struct World {
  Json messages = Json::array();
  Json callbacks = Json::array();
};

// As far as the server answers; what it does not tell is not there.
World read_world(Server& control, const std::string& account);

// "SM… whatsapp:+1… undelivered 63016 "Your table…"".
std::string message_line(const Json& message);

// One line for each thing that happened, in its order: "09:00:02.000 --> …", with the day if there
// are several.
std::vector<std::string> timeline_of(const World& world);

// A JSON line for each message. SIDs are numbered, times count from the first message; there is no
// wall time, port, latency or account in it.
std::string transcript_of(const World& world);

}  // namespace twindow::app
