// SPDX-License-Identifier: Apache-2.0
// What few create calls say, read and checked.
#pragma once

#include "twindow/model/error.h"
#include "twindow/model/message.h"

#include "src/wire/twilio/message_params.h"

namespace twindow::wire {

// FallbackFrom, which Twilio looks at with the other addresses. Errc::FallbackWithFrom,
// FallbackWithoutService, InvalidFrom.
Result<void> read_fallback(const MessageParams& params, SendRequest& request);

// All others, in Twilio's order; SendAt may still be too near or too far. Values that Twilio has no
// error for are taken for absent.
//
//   ApplicationSidInvalid, MaxPriceInvalid, ValidityPeriodInvalid, ContentRetentionInvalid,
//   AddressRetentionInvalid, ScheduleTypeInvalid, ScheduleTimeMissing, ScheduleWithoutService,
//   ScheduleMixed, ScheduleTimeInvalid
Result<void> read_options(const Form& form, const MessageParams& params, SendRequest& request);

}  // namespace twindow::wire
