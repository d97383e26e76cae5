// SPDX-License-Identifier: Apache-2.0
// The bytes of one request that tells the app something. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "twindow/model/webhook.h"

#include "src/net/webhook_target.h"

namespace twindow::net {

// One request of a webhook's: the first goes to its own URL, the next to where it is redirected.
struct WebhookAsk {
  std::string url;  // as configured; of a GET with its parameters in the query
  HttpMethod method = HttpMethod::Post;
  std::vector<Param> params = {};  // of the news
  std::vector<Param> form = {};    // those that are in the body
};

// The first request of `webhook`.
WebhookAsk first_ask(const Webhook& webhook);
// The one that follows a redirect to `url`: `again` keeps method and body, else it is a GET that
// has lost its parameters.
WebhookAsk next_ask(const WebhookAsk& before, std::string url, bool again);

// Notes in `outcome` what is signed, sent and where. What a fault does to the signature is done.
void sign_webhook(const Webhook& webhook, const WebhookAsk& ask, const WebhookTarget& target,
                  WebhookOutcome& outcome);

// `authorization`, if there is one, replaces that of the target.
std::string render_webhook(const Webhook& webhook, const WebhookAsk& ask,
                           const WebhookTarget& target, const WebhookOutcome& outcome,
                           bool keep_alive,
                           const std::optional<std::string>& authorization = std::nullopt);

}  // namespace twindow::net
