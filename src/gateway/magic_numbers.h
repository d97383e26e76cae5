// SPDX-License-Identifier: Apache-2.0
// Numbers that stand for an error, for apps that test with them.
// Source: twilio.com/docs/iam/test-credentials.
#pragma once

#include "twindow/model/error.h"
#include "twindow/model/message.h"

namespace twindow::gateway {

// With test credentials every `From` but +15005550006 is one of an error. With others only those
// that Twilio names are: the magic senders, and the magic recipients of +15005550006.
//
// What Twilio looks at first: InvalidTo, InvalidFrom, FromNotOwned.
Result<void> check_magic_addresses(const SendRequest& request, bool test);
// And last: NotMobile, NotRoutable, RegionNotEnabled, OptedOut, QueueFull.
Result<void> check_magic_route(const SendRequest& request, bool test);

}  // namespace twindow::gateway
