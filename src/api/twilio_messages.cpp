// SPDX-License-Identifier: Apache-2.0
// POST, GET and list of /2010-04-01/Accounts/{AccountSid}/Messages.
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/errors.h"
#include "twindow/wire/twilio/message_json.h"
#include "twindow/wire/twilio/message_list.h"
#include "twindow/wire/twilio/send_request.h"

#include "src/api/gate.h"
#include "src/api/twilio_call.h"

namespace twindow::api {

namespace {

std::string rendered(const Message& message, wire::Format format, bool with_feedback_uri) {
  return format == wire::Format::Xml ? wire::message_xml(message)
                                     : wire::message_json(message, with_feedback_uri);
}

struct ReadSend {
  wire::Form form;
  SendRequest request;
};

Result<ReadSend> read_send(const TwilioCall& call) {
  wire::Form form = TWINDOW_TRY(wire::parse_form(call.http.body));
  SendRequest request = TWINDOW_TRY(wire::parse_send_request(call.world.account(), form));
  return ReadSend{std::move(form), std::move(request)};
}

void tell_decision(const ServerState& state, std::optional<Errc> refusal) {
  if (state.send_decided) state.send_decided(refusal);
}

void show(TwilioAnswer& answer, const TwilioCall& call, const Message& message) {
  answer.body = rendered(message, call.format, false);
  // As seen at Twilio: the request's id has the digits of the message it made.
  answer.request_id = "RQ" + message.sid.text.substr(2);
  answer.subject = message.sid.text;
}

Task<Result<TwilioAnswer>> create_gated(TwilioCall call, ReadSend send) {
  policy::SendCall judged = send_call(send.request, send.form);
  const gateway::World::Decided decided = co_await call.world.decide(std::move(judged));
  const Decision decision = decided.decision;
  LedgerEntry entry =
      ledger_entry(decision, send.request, decided.at, campaign_of(call.http.headers));
  const Result<std::optional<Message>> made =
      co_await keep_here(call.world, std::move(send.request), decision, std::move(entry));
  if (!made) {
    tell_decision(call.state, made.error().code);
    co_return Unexpected(made.error());
  }
  if (call.state.send_judged) call.state.send_judged(action_of(decision.verdict));
  TwilioAnswer answer{.status = 201, .headers = gate_headers(decision)};
  if (*made) {
    show(answer, call, **made);
    co_return answer;
  }
  const int code = std::get<Reject>(decision.verdict).code;
  wire::HttpReply refused = wire::refusal(code, refusal_text(decision), call.format);
  answer.status = refused.status;
  answer.body = std::get<std::string>(std::move(refused.body));
  co_return answer;
}

}  // namespace

Task<Result<TwilioAnswer>> create_message(TwilioCall call) {
  Result<ReadSend> send = read_send(call);
  if (!send) {
    tell_decision(call.state, send.error().code);
    co_return Unexpected(std::move(send).error());
  }
  if (call.world.gated()) {
    auto gated = co_await create_gated(std::move(call), *std::move(send));
    co_return gated;
  }
  SendRequest& request = send->request;
  TwilioAnswer answer{.status = 201};
  const auto answer_with = [&](const Message& message) { show(answer, call, message); };
  auto sent = call.world.send_now(request, answer_with);
  if (!sent) {
    const Result<Message> message = co_await call.world.send(std::move(request));
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
