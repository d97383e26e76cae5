// SPDX-License-Identifier: Apache-2.0
// The app that uses us, as seen from here: something that takes webhooks.
#pragma once

#include "twindow/base/task.h"
#include "twindow/model/webhook.h"

namespace twindow::ports {

class AppEndpoint {
 public:
  virtual ~AppEndpoint() = default;
  // Signs and sends, with Twilio's timeouts and its one retry of a failed connection. Never
  // fails: what went wrong is in the outcome. Thread-safe; resumes on the caller's executor. The
  // app may call our API before it answers.
  virtual Task<WebhookOutcome> deliver(Webhook webhook) = 0;
};

}  // namespace twindow::ports
