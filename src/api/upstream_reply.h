// SPDX-License-Identifier: Apache-2.0
// What comes back from the upstream, or why nothing did, as an answer to the app.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "twindow/model/twilio_answer.h"
#include "twindow/wire/http.h"
#include "twindow/wire/twilio/reply.h"
#include "twindow/wire/upstream.h"

namespace twindow::api {

// 503 / 20503, 504 / 20504, else 502 / 20500; the message says whether Twilio may have the call.
wire::HttpReply no_answer(const wire::UpstreamFailure& failure, wire::Format format);

// Its body is here: nothing has to be collected.
inline bool is_whole(const wire::HttpReply& reply) {
  return std::holds_alternative<std::string>(reply.body);
}

// Turns a streamed body into text, unless it is larger than limits::kRewriteBytesMax: then it
// stays a stream, and nothing of it is lost. False if it broke off.
Task<bool> collect(wire::HttpReply& reply);

// application/json that is not compressed.
bool is_plain_json(const wire::HttpReply& reply);

// The text of an answer in JSON that is here in one piece, however it was compressed; nothing for
// others.
std::optional<std::string> json_text(const wire::HttpReply& reply);

// The answer as a plain value, its own headers last; and back. Only of one that is in one piece.
TwilioAnswer answer_of(const wire::HttpReply& reply);
wire::HttpReply reply_of(const TwilioAnswer& answer);

}  // namespace twindow::api
