// SPDX-License-Identifier: Apache-2.0
// The control API (docs/CONTROL_API.md), and what is beside it on the control port: /livez,
// /readyz, /metrics and the page.
#pragma once

#include <string_view>
#include <vector>

#include "twindow/api/server_state.h"
#include "twindow/wire/http.h"

namespace twindow::api {

// `state` outlives it.
wire::Handler make_control_face(ServerState& state);

// Every HttpReply::route there can be; some more than once.
std::vector<std::string_view> control_routes();

}  // namespace twindow::api
