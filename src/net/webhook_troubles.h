// SPDX-License-Identifier: Apache-2.0
// What went wrong with a webhook, in words and as the number of Twilio's alert. Source of the
// numbers: Twilio's error dictionary.
#pragma once

#include <chrono>
#include <string>

#include <boost/system/error_code.hpp>

#include "twindow/model/error.h"

#include "src/net/webhook_connection.h"
#include "src/net/webhook_delivery.h"

namespace twindow::net {

int alert_of_refusal(const boost::system::error_code& error);
int alert_of_handshake(PeerCertificate certificate);
int alert_of_exchange(const WebhookExchange& exchange, bool timed_out);

// Of an exchange that failed.
Error explain_exchange(const WebhookExchange& exchange, bool timed_out,
                       const WebhookDelivery& delivery);

std::string in_milliseconds(std::chrono::milliseconds time);  // "3000 ms"

}  // namespace twindow::net
