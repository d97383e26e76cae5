// SPDX-License-Identifier: Apache-2.0
// The control API (docs/CONTROL_API.md), and what is beside it on the control port: /livez,
// /readyz and the page.
#pragma once

#include "twindow/api/server_state.h"
#include "twindow/wire/http.h"

namespace twindow::api {

// `state` outlives it.
wire::Handler make_control_face(ServerState& state);

}  // namespace twindow::api
