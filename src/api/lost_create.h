// SPDX-License-Identifier: Apache-2.0
// The message of a create-message call whose answer was lost: whether Twilio has made it.
#pragma once

#include <optional>

#include "twindow/base/clock.h"
#include "twindow/base/task.h"
#include "twindow/gateway/world.h"
#include "twindow/model/error.h"
#include "twindow/model/message.h"
#include "twindow/model/remote_message.h"
#include "twindow/ports/twilio_api.h"

namespace twindow::api {

// Among the messages that Twilio has made for this To and From since then, the one that no call
// was answered with; nothing if there is none. Of several the one that says the same. An error:
// that cannot be told now.
Task<Result<std::optional<RemoteMessage>>> find_lost_message(ports::TwilioApi& twilio,
                                                             gateway::World& world,
                                                             SendRequest request, Time since);

}  // namespace twindow::api
