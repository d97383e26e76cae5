// SPDX-License-Identifier: Apache-2.0
// A create call of the Messages resource, read as Twilio reads it.
#pragma once

#include <optional>

#include "twindow/model/error.h"
#include "twindow/model/message.h"
#include "twindow/wire/form.h"

namespace twindow::wire {

// Checks what needs no state, in Twilio's order; the first fault wins:
//
//   ToMissing, FromMissing, ContentMissing (ContentMissingService when a service is to send),
//   InvalidTo, ToIsShortCode, InvalidFrom, ServiceSidInvalid, FallbackWithFrom,
//   FallbackWithoutService, ChannelMismatch, SameToAndFrom (SameToAndFromChannel)
//
// Then Twilio asks whose the sender is, which only the account's world knows. What is found after
// that stands in SendRequest::fault, for the world to refuse the send with:
//
//   BodyTooLong, TooManyMedia, MediaUrlInvalid, ContentSidInvalid, ContentSidRequired,
//   ContentVariablesInvalid, StatusCallbackInvalid, and those of src/wire/twilio/read_options.h
//
// Names are case-sensitive, unknown names are ignored, an empty value is an absent one, and of a
// repeated name the first non-empty value counts (MediaUrl: all). A `From` that holds an MG… SID is
// the service, unless MessagingServiceSid is given too. `Body` may have 1600 UTF-16 units: Twilio
// speaks of characters, and in effect counts an emoji as two.
Result<SendRequest> parse_send_request(const AccountSid& account, const Form& form);

// What the same form asks for, as far as it can be read: for a judge who must not be got round by a
// fault that Twilio may overlook. Nothing if there is no recipient or no sender to be read.
std::optional<SendRequest> read_send_request(const AccountSid& account, const Form& form);

}  // namespace twindow::wire
