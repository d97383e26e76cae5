// SPDX-License-Identifier: Apache-2.0
// What becomes of a send: the one place where a policy is applied.
#pragma once

#include "twindow/model/decision.h"
#include "twindow/policy/policy.h"
#include "twindow/policy/send_call.h"

namespace twindow::policy {

// The first rule that matches and can be carried out decides; if none does, the send passes. Then
// the checks have a say in what would leave. A rule cannot be carried out, and the reason of the
// decision tells it, if
//
//   reroute  no template fits or two fit equally, the template is not known or not approved, a
//            value cannot be made legal, or the send's media or location would be lost
//   hold     100 are held for the pair already, or the user is not on WhatsApp
//
// An `observe` rule lets the send pass whatever the rules behind it and the checks say, and the
// decision holds what that is. A reject has the code of the check that would have refused the send
// too, if there is one; else that of its rule. Pure: the same arguments give the same decision.
Decision decide(const Policy& policy, const SendCall& call, const Facts& facts);

// True if an open window and a closed one would be decided differently. If not, nobody needs to
// look the window up.
bool depends_on_window(const Policy& policy, const SendCall& call, const Facts& facts);

}  // namespace twindow::policy
