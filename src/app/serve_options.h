// SPDX-License-Identifier: Apache-2.0
// A configuration, in the words of those whom it configures.
#pragma once

#include "twindow/gateway/timekeeper.h"
#include "twindow/net/upstream_client.h"
#include "twindow/net/webhook_client.h"
#include "twindow/sim/carrier_profile.h"

#include "src/app/config.h"
#include "src/app/policy_keeper.h"

namespace twindow::app {

gateway::ClockMode clock_mode(ClockMode mode);
sim::WindowClosed window_closed(const ProfileOptions& options);
net::WebhookClientOptions webhook_options(const Config& config);
PolicyKeeper::Options policy_options(const Config& config);
net::UpstreamOptions upstream_options(const Config& config);  // of a configuration that was checked

}  // namespace twindow::app
