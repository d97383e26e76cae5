// SPDX-License-Identifier: Apache-2.0
// A call on the Twilio face that has found its endpoint and its account.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "twindow/api/server_state.h"
#include "twindow/gateway/world.h"
#include "twindow/model/error.h"
#include "twindow/wire/http.h"
#include "twindow/wire/twilio/reply.h"

namespace twindow::api {

struct TwilioCall {
  const ServerState& state;
  gateway::World& world;
  const wire::HttpCall& http;  // lives until the answer is made; the views are into it
  std::string_view path;       // for "… was not found": as asked, with its suffix or no version
  std::string_view query;
  std::vector<std::string> captured;  // the account acted on, then what stands at the {…} behind
  wire::Format format;
};

struct TwilioAnswer {
  int status = 200;
  std::string body = {};
  std::string request_id = {};  // empty: one is made
  std::string subject = {};     // HttpReply::subject
  std::string headers = {};     // more lines of the head
};

using TwilioEndpoint = Task<Result<TwilioAnswer>> (*)(TwilioCall call);

// The Messages resource.
Task<Result<TwilioAnswer>> create_message(TwilioCall call);
Task<Result<TwilioAnswer>> fetch_message(TwilioCall call);
Task<Result<TwilioAnswer>> list_messages(TwilioCall call);

}  // namespace twindow::api
