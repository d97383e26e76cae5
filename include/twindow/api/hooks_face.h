// SPDX-License-Identifier: Apache-2.0
// The face that the real Twilio calls (proxy mode): its webhooks.
//
//   POST /hooks/inbound          a user has written
//   POST /hooks/status/{token}   news of a send; the token is wire/twilio/hook_url.h's
//   GET  /livez
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "twindow/api/server_state.h"
#include "twindow/wire/http.h"

namespace twindow::api {

// Nothing is believed without a signature for the public URL by the token that the configuration
// gives the account which the webhook names: else 403, and nothing has happened. After that:
//
// A message opens its window, which is safe before anything else is done; then the app is asked,
// and its answer is Twilio's: status, Content-Type, body, and the headers that Twilio heeds. An app
// that does not answer is 502, so that Twilio tries its fallback URL. Without an app's URL: 200
// and an empty <Response/>.
//
// A status is kept and queued for the app, then acknowledged with 204. What could not be kept is
// 503. All errors are Twilio-shaped. `state` outlives it.
wire::Handler make_hooks_face(const ServerState& state);

// True for the paths that belong to it and not to Twilio: /hooks, all below, and /livez.
bool is_hook(const ServerState& state, std::string_view path);

// Every HttpReply::route there can be.
std::vector<std::string_view> hook_routes();

}  // namespace twindow::api
