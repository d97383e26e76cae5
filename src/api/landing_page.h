// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "twindow/api/server_state.h"
#include "twindow/wire/http.h"

namespace twindow::api {

// The page at "/" of the control port: mode, ports, and how to point an app here.
wire::HttpReply landing_page(const ServerState& state);

}  // namespace twindow::api
