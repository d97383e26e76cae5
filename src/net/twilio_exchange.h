// SPDX-License-Identifier: Apache-2.0
// One question to Twilio and its whole answer, within a time.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "twindow/base/task.h"
#include "twindow/model/account.h"
#include "twindow/model/error.h"
#include "twindow/model/twilio_answer.h"
#include "twindow/wire/twilio/api_queries.h"
#include "twindow/wire/twilio/webhook_settings.h"
#include "twindow/wire/upstream.h"

namespace twindow::net {

// Who asks, and until when an answer is of use.
struct TwilioSession {
  wire::Upstream upstream;
  std::string authorization = {};
  std::chrono::steady_clock::time_point until;
};

// With the account's auth token, else its first API key. Errc::NoCredentials.
Result<TwilioSession> twilio_session(const wire::Upstream& upstream, const AccountOptions& account,
                                     std::chrono::milliseconds longest);

// A GET; any status. Errc::NotReached, TimedOut, BadReply. What is not answered in time is ended.
Task<Result<TwilioAnswer>> ask_twilio(TwilioSession session, wire::ApiQuery query);

// The body of a 200; other statuses as the errors of ports/twilio_api.h.
Task<Result<std::string>> fetch_from_twilio(TwilioSession session, wire::ApiQuery query);

// Reads one page and says what its link to the next is.
using TakePage = std::function<Result<std::optional<std::string>>(const std::string& body)>;
// All pages, on one host.
Task<Result<void>> walk_twilio(TwilioSession session, wire::ApiQuery query, TakePage take);

// A POST, sent once: the body of a 2xx; other statuses as errors.
Task<Result<std::string>> change_at_twilio(TwilioSession session, wire::ApiChange change);

// An answer that is no 200, as an error.
Error error_of(const TwilioAnswer& answer, const wire::ApiQuery& query);

}  // namespace twindow::net
