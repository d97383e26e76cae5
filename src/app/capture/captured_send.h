// SPDX-License-Identifier: Apache-2.0
// The create call of a captured message, and a user's message, as steps of a scenario.
#pragma once

#include "src/app/capture/captured_given.h"
#include "src/app/capture/masker.h"
#include "src/app/json.h"

namespace twindow::app {

// Twilio's parameters, in the order of Twilio's documentation.
Json captured_send(const Json& material, const CapturedAddresses& addresses,
                   CapturedTargets& targets, Masker& mask);

// Twilio's fields of an inbound message.
Json captured_inbound(const Json& material, Masker& mask);

}  // namespace twindow::app
