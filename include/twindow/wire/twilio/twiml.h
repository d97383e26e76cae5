// SPDX-License-Identifier: Apache-2.0
// What an app answers to a user's message, read as Twilio reads it. Source: Twilio's pages on
// Messaging TwiML and its error dictionary.
#pragma once

#include <string_view>

#include "twindow/model/twiml.h"
#include "twindow/model/webhook.h"

namespace twindow::wire {

// `answer` is a 2xx. Its Content-Type decides: XML and HTML are TwiML, text/plain is one message,
// any other is 12300. No body is no verbs; with a type that promises one (11770, a warning).
// Relative URLs are resolved against `url`. What is wrong is a problem, and what it concerns is
// left out; `unreadable` (12100 to 12102, 12300) leaves out all. Safe with whatever comes: entities
// but XML's five are refused, none is ever fetched.
TwimlDocument read_twiml(const WebhookOutcome& answer, std::string_view url);

}  // namespace twindow::wire
