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
  ServerState& state;
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
  bool typed = true;            // it has a body in the format that was asked for
  wire::HttpReply::Ending ending = wire::HttpReply::Ending::Whole;
};

using TwilioEndpoint = Task<Result<TwilioAnswer>> (*)(TwilioCall call);

// The Messages resource.
Task<Result<TwilioAnswer>> create_message(TwilioCall call);
Task<Result<TwilioAnswer>> fetch_message(TwilioCall call);
Task<Result<TwilioAnswer>> list_messages(TwilioCall call);
Task<Result<TwilioAnswer>> update_message(TwilioCall call);
Task<Result<TwilioAnswer>> delete_message(TwilioCall call);

// What is below a message.
Task<Result<TwilioAnswer>> list_media(TwilioCall call);
Task<Result<TwilioAnswer>> fetch_media(TwilioCall call);
Task<Result<TwilioAnswer>> delete_media(TwilioCall call);
Task<Result<TwilioAnswer>> give_feedback(TwilioCall call);

// Monitor's Alerts: the debugger of the account.
Task<Result<TwilioAnswer>> list_alerts(TwilioCall call);
Task<Result<TwilioAnswer>> fetch_alert(TwilioCall call);

// Contents; those that are not here are resource_answers.h's.
Task<Result<TwilioAnswer>> create_content(TwilioCall call);
Task<Result<TwilioAnswer>> update_content(TwilioCall call);
Task<Result<TwilioAnswer>> list_contents_and_approvals(TwilioCall call);
Task<Result<TwilioAnswer>> search_contents(TwilioCall call);
Task<Result<TwilioAnswer>> search_contents_and_approvals(TwilioCall call);
Task<Result<TwilioAnswer>> fetch_approvals(TwilioCall call);
Task<Result<TwilioAnswer>> request_approval(TwilioCall call);

// Accounts.
Task<Result<TwilioAnswer>> list_accounts(TwilioCall call);
Task<Result<TwilioAnswer>> create_account(TwilioCall call);
Task<Result<TwilioAnswer>> fetch_account(TwilioCall call);
Task<Result<TwilioAnswer>> update_account(TwilioCall call);
Task<Result<TwilioAnswer>> fetch_balance(TwilioCall call);
Task<Result<TwilioAnswer>> create_key(TwilioCall call);
Task<Result<TwilioAnswer>> list_usage(TwilioCall call);

// Numbers and channel senders.
Task<Result<TwilioAnswer>> create_number(TwilioCall call);
Task<Result<TwilioAnswer>> list_numbers(TwilioCall call);
Task<Result<TwilioAnswer>> fetch_number(TwilioCall call);
Task<Result<TwilioAnswer>> update_number(TwilioCall call);
Task<Result<TwilioAnswer>> list_channel_senders(TwilioCall call);
Task<Result<TwilioAnswer>> fetch_channel_sender(TwilioCall call);
Task<Result<TwilioAnswer>> create_channel_sender(TwilioCall call);
Task<Result<TwilioAnswer>> update_channel_sender(TwilioCall call);
Task<Result<TwilioAnswer>> look_up_number(TwilioCall call);
Task<Result<TwilioAnswer>> look_up_number_v1(TwilioCall call);

}  // namespace twindow::api
