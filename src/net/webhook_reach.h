// SPDX-License-Identifier: Apache-2.0
// Where the bytes of a webhook may go: what its host's name says alone, and what its addresses say.
#pragma once

#include <string>

#include "twindow/model/error.h"

#include "src/net/connector.h"
#include "src/net/webhook_delivery.h"

namespace twindow::net {

// What to do about a webhook that was not made; stands behind the reason.
std::string egress_advice(const WebhookDelivery& delivery);

// Of an address and of localhost; nothing if the name must be looked up. Errors: EgressRefused.
Result<Endpoints> endpoints_without_lookup(const WebhookDelivery& delivery);

// Those that may be called. Errors: EgressRefused if none may.
Result<Endpoints> judged_endpoints(Endpoints found, const WebhookDelivery& delivery);

}  // namespace twindow::net
