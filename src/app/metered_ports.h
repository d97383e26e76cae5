// SPDX-License-Identifier: Apache-2.0
// The gateway's ports with counters at them.
#pragma once

#include <memory>

#include "twindow/ports/app_endpoint.h"
#include "twindow/ports/message_store.h"

#include "src/app/metrics.h"

namespace twindow::app {

// `store`, with its commits counted, and the final statuses that its messages come to. `metrics`
// outlives it.
std::unique_ptr<ports::AccountStore> metered(std::unique_ptr<ports::AccountStore> store,
                                             Metrics& metrics);

// `app`, with the outcome of each delivery counted. Both outlive it.
class MeteredApp final : public ports::AppEndpoint {
 public:
  MeteredApp(ports::AppEndpoint& app, Metrics& metrics) : app_(app), metrics_(metrics) {}
  Task<WebhookOutcome> deliver(Webhook webhook) override;

 private:
  ports::AppEndpoint& app_;
  Metrics& metrics_;
};

}  // namespace twindow::app
