// SPDX-License-Identifier: Apache-2.0
// The face of proxy mode: Twilio itself, with us in between.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "twindow/api/server_state.h"
#include "twindow/gateway/idempotency.h"
#include "twindow/gateway/known_callers.h"
#include "twindow/ports/twilio_api.h"
#include "twindow/wire/http.h"
#include "twindow/wire/upstream.h"

namespace twindow::api {

// What judging needs besides the upstream; what is pointed to outlives the face.
struct ProxyParts {
  ports::TwilioApi* twilio = nullptr;  // null: nothing is judged, every call is handed on
  gateway::KnownCallers* known = nullptr;
  gateway::Idempotency* idempotency = nullptr;  // null: a create that is repeated is another one
  // Our address for the status callbacks of a message, in the place of the app's; nothing, or null:
  // they stay the app's.
  std::function<std::optional<std::string>(std::string_view app_url)> status_url = {};
  // Our address for the statuses of a send that has no StatusCallback and of which Twilio tells
  // nobody; empty: such a send goes out without one (webhooks.learn).
  std::string learn_url = {};
  std::function<void(const std::string&)> warn = {};  // for the log
};

// Hands every call to the product's host that it is for (wire/twilio/product_host.h), as it came,
// and the answer back as it comes. Two things are changed. A call that names no host by Host, SNI
// or CONNECT has a base URL of ours: in the JSON that its GETs bring, links to products' hosts are
// written so that they lead here again (wire/twilio/url_rewrite.h), for which it is asked for
// without compression. And where there is no answer, one in Twilio's shape says so, and whether
// Twilio may have got the call: 503 / 20503, 504 / 20504, else 502 / 20500.
//
// Calls that create a message are judged by the policy of the account's world first: refused or
// held without a byte to Twilio, said with a template, or handed on with only the value of their
// StatusCallback changed. What is answered here is answered to callers only whose credentials
// Twilio has accepted lately. Answers of judged calls carry Twindow-Decision, -Rule and -Window.
//
// The control API is not served here: paths under /__admin of no host are 404, and go nowhere,
// since a control token may be with them. Nor do Twilio's webhooks go anywhere: they are answered
// by hooks_face.h, or are 404 where that has an address of its own. `state` outlives it.
wire::Handler make_proxy_face(ServerState& state, wire::Upstream upstream, ProxyParts parts = {});

}  // namespace twindow::api
