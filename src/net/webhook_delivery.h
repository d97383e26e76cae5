// SPDX-License-Identifier: Apache-2.0
// One webhook on its way, and the rules under which it began.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "twindow/net/webhook_client.h"
#include "twindow/wire/twilio/connection_overrides.h"

#include "src/net/egress.h"
#include "src/net/webhook_pool.h"
#include "src/net/webhook_request.h"
#include "src/net/webhook_target.h"

namespace twindow::net {

// Where a webhook may go, and how. Shared by the deliveries that began under it.
struct WebhookRules {
  WebhookClientOptions options;
  EgressGuard guard;
  DeliverTo deliver_to;
  std::map<std::string, DeliverTo> deliver_to_of;  // by account
  // Of these rules only: a kept connection was judged when it was made.
  mutable WebhookPool pool = {};

  // Errors: a rule that cannot be read.
  static Result<std::shared_ptr<const WebhookRules>> make(WebhookClientOptions options);
  // Errors: a URL that is none.
  Result<WebhookTarget> target_of(const AccountSid& account, std::string_view url) const;
};

// One webhook on its way. Owned by the coroutine that delivers it.
struct WebhookDelivery {
  std::shared_ptr<const WebhookRules> rules;
  WebhookAsk ask;
  WebhookTarget target;
  std::string request;  // all its bytes
  wire::ConnectionOverrides overrides = {};
  std::chrono::steady_clock::time_point until = {};
  WebhookOutcome outcome = {};
  int tries_before = 0;        // on a connection that was kept
  bool hopeless = false;       // a second try would end as the first
  std::string challenge = {};  // of a 401

  std::chrono::milliseconds connect_time() const {
    return overrides.connect_time.value_or(rules->options.connect_time);
  }
  std::chrono::milliseconds total_time() const {
    return overrides.total_time.value_or(rules->options.total_time);
  }
  // Whether what has come of a try that found the app is a reason for another one.
  bool may_repeat_answered() const;
};

}  // namespace twindow::net
