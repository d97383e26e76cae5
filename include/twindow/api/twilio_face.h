// SPDX-License-Identifier: Apache-2.0
// The face that looks like Twilio.
#pragma once

#include <string_view>
#include <vector>

#include "twindow/api/server_state.h"
#include "twindow/wire/http.h"

namespace twindow::api {

// Answers every call as api.twilio.com does, errors included. Calls under /__admin go to
// `control`. `state` outlives it.
wire::Handler make_twilio_face(ServerState& state, wire::Handler control);

// Every HttpReply::route there can be, beside the control API's; some more than once.
std::vector<std::string_view> twilio_routes();

// How the server refuses what never became a call: in Twilio's shape too.
wire::HttpReply refuse(int http_status, std::string_view detail);

}  // namespace twindow::api
