// SPDX-License-Identifier: Apache-2.0
// POST, GET and list of /2010-04-01/Accounts/{AccountSid}/Messages.
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/message_json.h"
#include "twindow/wire/twilio/message_list.h"
#include "twindow/wire/twilio/send_request.h"

#include "src/api/twilio_call.h"

namespace twindow::api {

namespace {

std::string rendered(const Message& message, wire::Format format, bool with_feedback_uri) {
  return format == wire::Format::Xml ? wire::message_xml(message)
                                     : wire::message_json(message, with_feedback_uri);
}

Result<SendRequest> read_request(const TwilioCall& call) {
  const wire::Form form = TWINDOW_TRY(wire::parse_form(call.http.body));
  return wire::parse_send_request(call.world.account(), form);
}

void tell_decision(const ServerState& state, std::optional<Errc> refusal) {
  if (state.send_decided) state.send_decided(refusal);
}

}  // namespace

Task<Result<TwilioAnswer>> create_message(TwilioCall call) {
  Result<SendRequest> request = read_request(call);
  if (!request) {
    tell_decision(call.state, request.error().code);
    co_return Unexpected(std::move(request).error());
  }
  TwilioAnswer answer{.status = 201};
  const auto answer_with = [&](const Message& message) {
    answer.body = rendered(message, call.format, false);
    // As seen at Twilio: the request's id has the digits of the message it made.
    answer.request_id = "RQ" + message.sid.text.substr(2);
    answer.subject = message.sid.text;
  };
  auto sent = call.world.send_now(*request, answer_with);
  if (!sent) {
    const Result<Message> message = co_await call.world.send(*std::move(request));
    sent = message ? Result<void>() : Result<void>(Unexpected(message.error()));
    if (message) answer_with(*message);
  }
  if (!*sent) {
    tell_decision(call.state, sent->error().code);
    co_return Unexpected(std::move(*sent).error());
  }
  tell_decision(call.state, std::nullopt);
  co_return answer;
}

Task<Result<TwilioAnswer>> fetch_message(TwilioCall call) {
  auto sid = parse_message_sid(call.captured.at(1));
  if (!sid) co_return fail(Errc::NotFound, std::string(call.path));
  const Result<Message> message = co_await call.world.find(*std::move(sid));
  if (!message) co_return fail(Errc::NotFound, std::string(call.path));
  co_return TwilioAnswer{.body = rendered(*message, call.format, true)};
}

Task<Result<TwilioAnswer>> list_messages(TwilioCall call) {
  if (call.format != wire::Format::Json) {
    co_return fail(Errc::NotSimulated, std::string(call.path) + " (lists are simulated as .json)");
  }
  Result<wire::ListQuery> query = wire::parse_list_query(call.query);
  if (!query) co_return Unexpected(std::move(query).error());
  const Result<MessagePage> page = co_await call.world.list(query->filter, query->page);
  if (!page) co_return Unexpected(page.error());
  co_return TwilioAnswer{.body = wire::message_list_json(call.world.account(), *query, *page)};
}

}  // namespace twindow::api
