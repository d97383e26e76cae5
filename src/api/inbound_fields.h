// SPDX-License-Identifier: Apache-2.0
// Short forms for what a user's message may be: the parameters of Twilio's webhook that they stand
// for. Ours begin in lower case, Twilio's with a capital.
#pragma once

#include <string_view>
#include <vector>

#include "twindow/model/error.h"
#include "twindow/model/message.h"

#include "src/api/problem.h"

namespace twindow::api {

//   media        "https://…/cat.jpg": MediaUrl0, MediaContentType0 by its name, NumMedia
//   button       "Yes" or "Yes|yes_1": ButtonText, ButtonPayload, ButtonType
//   list         "Blue|blue|The blue one": ListTitle, ListId, ListDescription
//   location     "19.4,-99.1" or "19.4,-99.1|Label|Address": Latitude, Longitude, Label, Address
//   reply_to     "SM…": OriginalRepliedMessageSid; its sender is the one that is written to
//   forwarded    "once" or "often": Forwarded, FrequentlyForwarded
//   ad           "https://fb.me/x" or "…|ctwa-click-id": ReferralSourceUrl and what comes with it
//   user_id      "US.1000000000000001": ExternalUserId
//   reaction     "👍": MessageType, and Body
//
// The other fields are left as they are. BadInput, at the field.
Read<std::vector<Param>> without_short_forms(const std::vector<Param>& fields);

}  // namespace twindow::api
