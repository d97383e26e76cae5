// SPDX-License-Identifier: Apache-2.0
// A message that never went through us, as far as Twilio's REST API tells of it. Pure.
// Source: twilio-api.md, the Message and Media resources; times are RFC 2822, of whole seconds.
#pragma once

#include <string>

#include "src/app/json.h"

namespace twindow::app {

// Where to ask for what a user had written to the sender before a message, the newest first.
std::string inbounds_before(const Json& message);

// The material of capture.h. `message`: the resource; `inbounds`: the list that was asked for, or
// null.
Json material_from_twilio(const Json& message, const Json& inbounds);

}  // namespace twindow::app
