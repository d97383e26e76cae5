// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "twindow/api/server_state.h"
#include "twindow/model/error.h"
#include "twindow/wire/http.h"

namespace twindow::api {

// Keeps web pages of others away from the control API. The Host must be an IP address, localhost,
// a name without dots, host.docker.internal or one of control.hosts (a name that DNS could rebind
// to us is refused); an Origin, which only browsers send, must be the Host's own. BadInput.
Result<void> admit_caller(const ServerState& state, const wire::Headers& headers);

// Whether the caller brings the control API's token, if there is one.
bool knows_token(const ServerState& state, const wire::Headers& headers);

}  // namespace twindow::api
