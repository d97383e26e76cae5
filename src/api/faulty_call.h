// SPDX-License-Identifier: Apache-2.0
// An API call in a world with rules of faults.
#pragma once

#include "src/api/twilio_call.h"

namespace twindow::api {

// The endpoint's answer, or what a rule makes of it; the call may wait for the world's clock
// before. For worlds that are faulty(); others need not pay for it.
Task<Result<TwilioAnswer>> answer_faultily(TwilioEndpoint endpoint, TwilioCall call);

}  // namespace twindow::api
