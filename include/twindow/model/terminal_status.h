// SPDX-License-Identifier: Apache-2.0
// How a message ends that runs into an error.
#pragma once

#include "twindow/model/message_status.h"

namespace twindow {

// `Failed`: it never left Twilio, or was not taken. `Undelivered`: a carrier or channel took it and
// gave it back. Codes that nothing is known of fail. Source: Twilio's error dictionary, and where
// it is silent the statuses seen in callbacks; field reports differ for many of the 63xxx.
MessageStatus terminal_status(int error_code);

}  // namespace twindow
