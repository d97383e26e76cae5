// SPDX-License-Identifier: Apache-2.0
// A create-message call before the policy, and what the policy's word means for it.
#pragma once

#include <optional>
#include <string>

#include "twindow/model/decision.h"
#include "twindow/policy/send_call.h"
#include "twindow/wire/form.h"
#include "twindow/wire/http.h"

namespace twindow::api {

// The call as it is judged; `request` is what was read of `form`.
policy::SendCall send_call(SendRequest request, const wire::Form& form);

// The same said with a template: no body, no media, everything else kept.
SendRequest rerouted(SendRequest request, const TemplateUse& use);

// The template that asks the user to write; nobody is told what becomes of it.
SendRequest nudge(const SendRequest& held, const TemplateUse& use);

// Twindow-Decision, Twindow-Rule and Twindow-Window as header lines.
std::string gate_headers(const Decision& decision);

// The request header Twindow-Campaign, cut to 200 bytes.
std::string campaign_of(const wire::Headers& headers);

// What an app is told of a refusal.
std::string refusal_text(const Decision& decision);

}  // namespace twindow::api
