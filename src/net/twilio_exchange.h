// SPDX-License-Identifier: Apache-2.0
// One question to Twilio and its whole answer, within a time.
#pragma once

#include <chrono>
#include <string>

#include "twindow/base/task.h"
#include "twindow/model/error.h"
#include "twindow/model/twilio_answer.h"
#include "twindow/wire/twilio/api_queries.h"
#include "twindow/wire/upstream.h"

namespace twindow::net {

// Who asks, and until when an answer is of use.
struct TwilioSession {
  wire::Upstream upstream;
  std::string authorization = {};
  std::chrono::steady_clock::time_point until;
};

// A GET; any status. Errc::NotReached, TimedOut, BadReply. What is not answered in time is ended.
Task<Result<TwilioAnswer>> ask_twilio(TwilioSession session, wire::ApiQuery query);

// The body of a 200; other statuses as the errors of ports/twilio_api.h.
Task<Result<std::string>> fetch_from_twilio(TwilioSession session, wire::ApiQuery query);

// An answer that is no 200, as an error.
Error error_of(const TwilioAnswer& answer, const wire::ApiQuery& query);

}  // namespace twindow::net
