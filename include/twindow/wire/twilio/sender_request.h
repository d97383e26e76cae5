// SPDX-License-Identifier: Apache-2.0
// The JSON of messaging.twilio.com/v2/Channels/Senders. Source: Twilio's OpenAPI document
// messaging_v2.
#pragma once

#include <string_view>
#include <vector>

#include "twindow/model/error.h"
#include "twindow/model/resource.h"

namespace twindow::wire {

// The fields that a create or an update sets. A create must have sender_id, an address of a
// channel. Errc::ChannelSenderInvalid.
Result<std::vector<Param>> read_sender_fields(std::string_view json, bool create);

// Adds the members that are objects in Twilio's answer and are kept in parts here.
void complete_sender(Resource& sender);

}  // namespace twindow::wire
