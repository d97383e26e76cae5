// SPDX-License-Identifier: Apache-2.0
// A webhook as Twilio writes it: parameters, signature, the bytes of the request.
#pragma once

#include <string>

#include "twindow/model/webhook.h"

#include "src/net/webhook_target.h"

namespace twindow::net {

// Sets what of the outcome is known before anything is sent: the URL that is signed and the one
// that is posted to, the signature, the body.
void sign_webhook(const Webhook& webhook, const WebhookTarget& target, WebhookOutcome& outcome);

// Order and spelling of a captured request (twilio-api, 4.4). `outcome` is signed.
std::string render_webhook(const Webhook& webhook, const WebhookTarget& target,
                           const WebhookOutcome& outcome, bool keep_alive);

}  // namespace twindow::net
