// SPDX-License-Identifier: Apache-2.0
// One question to Twilio's REST API, with a customer's own credentials: for commands that need no
// server.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "twindow/model/error.h"

namespace twindow::app {

struct TwilioQuestion {
  std::optional<std::string> base_url = {};  // "http://127.0.0.1:4010"; else https://api.twilio.com
  std::string user;                          // an Account SID or an API key's
  std::string secret;
  std::string target;  // path and query, encoded; it is a GET
};
struct TwilioAnswer {
  int status = 0;
  std::string body = {};
};

// Blocks, half a minute at most. Errors: BadInput (the base URL is none), Unreachable, TimedOut,
// BadReply.
using AskTwilio = std::function<Result<TwilioAnswer>(const TwilioQuestion&)>;
Result<TwilioAnswer> ask_twilio(const TwilioQuestion& question);

}  // namespace twindow::app
