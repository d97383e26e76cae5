// SPDX-License-Identifier: Apache-2.0
// The face of proxy mode: Twilio itself, with us in between.
#pragma once

#include "twindow/api/server_state.h"
#include "twindow/wire/http.h"
#include "twindow/wire/upstream.h"

namespace twindow::api {

// Hands every call to the product's host that it is for (wire/twilio/product_host.h), as it came,
// and the answer back as it comes. Two things are changed. A call that names no host by Host, SNI
// or CONNECT has a base URL of ours: in the JSON that its GETs bring, links to products' hosts are
// written so that they lead here again (wire/twilio/url_rewrite.h), for which it is asked for
// without compression. And where there is no answer, one in Twilio's shape says so, and whether
// Twilio may have got the call: 503 / 20503, 504 / 20504, else 502 / 20500.
//
// The control API is not served here: paths under /__admin of no host are 404, and go nowhere,
// since a control token may be with them. Nor do Twilio's webhooks go anywhere: they are answered
// by hooks_face.h, or are 404 where that has an address of its own. `state` outlives it.
wire::Handler make_proxy_face(const ServerState& state, wire::Upstream upstream);

}  // namespace twindow::api
