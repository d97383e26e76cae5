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

Result<SendRequest> read_send(const TwilioCall& call, const Result<wire::Form>& form) {
  if (!form) return Unexpected(form.error());
  return wire::parse_send_request(call.world.account(), *form);
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

// What comes of a decision: the message that the app sees, or none if it was refused at once.
Task<Result<std::optional<Message>>> carry_out(gateway::World& world, SendRequest request,
                                               const Decision& decision, LedgerEntry entry) {
  Result<Message> made = fail(Errc::Internal);
  if (const auto* const reject = std::get_if<Reject>(&decision.verdict)) {
    if (reject->style == RejectStyle::Sync) {
      const Result<void> entered = co_await world.enter(std::move(entry));
      if (!entered) co_return Unexpected(entered.error());
      co_return std::optional<Message>();
    }
    made = co_await world.refuse_later(std::move(request), std::move(entry));
  } else if (const auto* const reroute = std::get_if<Reroute>(&decision.verdict)) {
    SendRequest changed = rerouted(std::move(request), reroute->with);
    made = co_await world.send_decided(std::move(changed), std::move(entry));
  } else if (const auto* const hold = std::get_if<Hold>(&decision.verdict)) {
    std::optional<SendRequest> nudged;
    if (hold->nudge) nudged = nudge(request, *hold->nudge);
    made = co_await world.hold(std::move(request), hold->ttl, std::move(nudged), std::move(entry));
  } else {
    made = co_await world.send_decided(std::move(request), std::move(entry));
  }
  if (!made) co_return Unexpected(std::move(made).error());
  co_return std::optional(*std::move(made));
}

Task<Result<TwilioAnswer>> create_gated(TwilioCall call, wire::Form form, SendRequest request) {
  policy::SendCall judged = send_call(request, form);
  const gateway::World::Decided decided = co_await call.world.decide(std::move(judged));
  const Decision& decision = decided.decision;
  LedgerEntry entry = ledger_entry(decision, request, decided.at, campaign_of(call.http.headers));
  const Result<std::optional<Message>> made =
      co_await carry_out(call.world, std::move(request), decision, std::move(entry));
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
  Result<wire::Form> form = wire::parse_form(call.http.body);
  Result<SendRequest> request = read_send(call, form);
  if (!request) {
    tell_decision(call.state, request.error().code);
    co_return Unexpected(std::move(request).error());
  }
  if (call.world.gated()) {
    auto gated = co_await create_gated(std::move(call), *std::move(form), *std::move(request));
    co_return gated;
  }
  TwilioAnswer answer{.status = 201};
  const auto answer_with = [&](const Message& message) { show(answer, call, message); };
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
