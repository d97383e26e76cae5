// SPDX-License-Identifier: Apache-2.0
// A create-message call before the policy, and what the policy's word means for it.
#pragma once

#include <optional>
#include <string>

#include "twindow/base/task.h"
#include "twindow/gateway/world.h"
#include "twindow/model/decision.h"
#include "twindow/model/error.h"
#include "twindow/model/ledger.h"
#include "twindow/policy/send_call.h"
#include "twindow/wire/form.h"
#include "twindow/wire/http.h"
#include "twindow/wire/twilio/reply.h"

namespace twindow::api {

// The call as it is judged; `request` is what was read of `form`.
policy::SendCall send_call(SendRequest request, const wire::Form& form);

// The create's body with the template in place of what was to be said.
std::string as_template(std::string_view form, const TemplateUse& use);

// The same said with a template: no body, no media, everything else kept.
SendRequest rerouted(SendRequest request, const TemplateUse& use);

// The template that asks the user to write; nobody is told what becomes of it.
SendRequest nudge(const SendRequest& held, const TemplateUse& use);

// To or From of a create, or one of several of them, is a WhatsApp address, or meant to be one.
bool names_whatsapp(const wire::Form& form);

// A create over WhatsApp that says two things about who it is for, or as what: whichever of them
// Twilio takes, the other one would be judged. Nobody knows which that is, so it is refused.
// Nothing if there is none.
std::optional<Error> contradiction_in(const wire::Form& form);

// What comes of a decision where Twilio sees nothing: refused (no message, or one that the app is
// told has failed), or held. Of the simulator also what passes and what is rerouted. Errors as of
// World::send.
Task<Result<std::optional<Message>>> keep_here(gateway::World& world, SendRequest request,
                                               Decision decision, LedgerEntry entry);

// 201 with a message as a create call is answered.
wire::HttpReply message_reply(const Message& message, wire::Format format);

// Twindow-Decision, Twindow-Rule and Twindow-Window as header lines.
std::string gate_headers(const Decision& decision);

// The request header Twindow-Campaign, cut to 200 bytes.
std::string campaign_of(const wire::Headers& headers);

// What an app is told of a refusal.
std::string refusal_text(const Decision& decision);

}  // namespace twindow::api
