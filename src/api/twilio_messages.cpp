// SPDX-License-Identifier: Apache-2.0
// /2010-04-01/Accounts/{AccountSid}/Messages: create, fetch, list, update, delete.
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
  if (format == wire::Format::Json) return wire::message_json(message, with_feedback_uri);
  return format == wire::Format::Xml ? wire::message_xml(message, with_feedback_uri)
                                     : wire::message_csv(message);
}

std::string rendered(const AccountSid& account, const wire::ListQuery& query,
                     const MessagePage& page, wire::Format format) {
  if (format == wire::Format::Json) return wire::message_list_json(account, query, page);
  return format == wire::Format::Xml ? wire::message_list_xml(account, query, page)
                                     : wire::message_list_csv(page);
}

// Of a message that is asked for by its path: what is not there is named by the path.
Unexpected<Error> told(const TwilioCall& call, Error error) {
  if (error.code == Errc::NotFound) error.detail = call.path;
  return Unexpected(std::move(error));
}

struct ReadSend {
  wire::Form form;
  SendRequest request;
};

Result<ReadSend> read_send(const TwilioCall& call, bool gated) {
  wire::Form form = TWINDOW_TRY(wire::parse_form(call.http.body));
  if (gated) {
    // The gate comes first, as in front of the real Twilio: it judges what can be read at all.
    if (auto contradiction = contradiction_in(form)) {
      return Unexpected(*std::move(contradiction));
    }
    auto request = wire::read_send_request(call.world.account(), form);
    const bool mixed = request && request->from && request->from->channel != request->to.channel;
    if (mixed) return fail(Errc::ChannelMismatch);
    if (request) return ReadSend{std::move(form), *std::move(request)};
  }
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

// What goes past the gate is Twilio's to find fault with.
Result<SendRequest> read_by_twilio(const TwilioCall& call, const Decision& decision) {
  const auto* const reroute = std::get_if<Reroute>(&decision.verdict);
  const wire::Form form = TWINDOW_TRY(wire::parse_form(
      reroute != nullptr ? as_template(call.http.body, reroute->with) : call.http.body));
  return wire::parse_send_request(call.world.account(), form);
}

// What a scenario's rule says of a send: an answer of its own, or what is to become of the message.
Task<std::optional<wire::HttpReply>> scripted(const TwilioCall& call, SendRequest& request,
                                              const wire::Form& form) {
  policy::SendCall asked = send_call(request, form);
  auto hit = co_await call.world.script_of(std::move(asked));
  if (!hit) co_return std::nullopt;
  request.script = std::move(hit->plan);
  if (!hit->respond) co_return std::nullopt;
  const ScriptResponse& respond = *hit->respond;
  if (respond.reset) {
    wire::HttpReply cut{.body = std::string()};
    cut.ending = wire::HttpReply::Ending::Reset;
    co_return cut;
  }
  if (respond.status == 0) co_return std::nullopt;
  wire::HttpReply reply = wire::refusal(
      {.status = respond.status, .code = respond.code, .text = respond.message}, call.format);
  if (respond.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*respond.retry_after);
    reply.headers.push_back({"Retry-After", std::to_string(seconds.count())});
  }
  co_return reply;
}

void answer_as(TwilioAnswer& answer, wire::HttpReply reply) {
  answer.status = reply.status;
  answer.body = std::get<std::string>(std::move(reply.body));
  answer.ending = reply.ending;
  for (const auto& header : reply.headers) {
    if (header.name != "Retry-After") continue;
    answer.headers += header.name + ": " + header.value + "\r\n";
  }
}

Task<Result<TwilioAnswer>> create_gated(TwilioCall call, ReadSend send) {
  policy::SendCall judged = send_call(send.request, send.form);
  std::optional<gateway::World::Decided> decided = call.world.decide_now(judged);
  if (!decided) {
    decided = co_await call.world.decide(std::move(judged));
  }
  const Decision decision = std::move(decided->decision);
  LedgerEntry entry =
      ledger_entry(decision, send.request, decided->at, campaign_of(call.http.headers));
  const bool stays = std::holds_alternative<Reject>(decision.verdict) ||
                     std::holds_alternative<Hold>(decision.verdict);
  Result<SendRequest> request = std::move(send.request);
  if (!stays) request = read_by_twilio(call, decision);
  TwilioAnswer answer{.status = 201, .headers = gate_headers(decision)};
  const bool asks = !stays && request && call.world.scripted();
  if (asks) {
    auto reply = co_await scripted(call, *request, send.form);
    if (reply) {
      const Result<void> entered = co_await call.world.enter(std::move(entry));
      if (!entered) co_return Unexpected(entered.error());
      answer_as(answer, *std::move(reply));
      co_return answer;
    }
  }
  Result<std::optional<Message>> made = fail(Errc::Internal);
  if (request) {
    made = co_await keep_here(call.world, *std::move(request), decision, entry);
  } else {
    made = Unexpected(std::move(request).error());
  }
  if (!made) {
    // Twilio's refusal; the decision is kept all the same.
    tell_decision(call.state, made.error().code);
    const Result<void> entered = co_await call.world.enter(std::move(entry));
    if (!entered) co_return Unexpected(entered.error());
    wire::HttpReply refused = wire::problem(made.error(), call.format);
    answer.status = refused.status;
    answer.body = std::get<std::string>(std::move(refused.body));
    co_return answer;
  }
  if (call.state.send_judged) call.state.send_judged(action_of(decision.verdict));
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
  const bool gated = call.world.gated();
  Result<ReadSend> send = read_send(call, gated);
  if (!send) {
    tell_decision(call.state, send.error().code);
    co_return Unexpected(std::move(send).error());
  }
  if (gated) {
    auto judged = co_await create_gated(std::move(call), *std::move(send));
    co_return judged;
  }
  SendRequest& request = send->request;
  TwilioAnswer answer{.status = 201};
  if (call.world.scripted()) {
    auto reply = co_await scripted(call, request, send->form);
    if (reply) {
      answer_as(answer, *std::move(reply));
      co_return answer;
    }
  }
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
  Result<wire::ListQuery> query = wire::parse_list_query(call.query);
  if (!query) co_return Unexpected(std::move(query).error());
  const Result<MessagePage> page = co_await call.world.list(query->filter, query->page);
  if (!page) co_return Unexpected(page.error());
  co_return TwilioAnswer{.body = rendered(call.world.account(), *query, *page, call.format)};
}

// Two things can be changed: a body is taken away, a message that waits for its time is cancelled.
Task<Result<TwilioAnswer>> update_message(TwilioCall call) {
  auto sid = parse_message_sid(call.captured.at(1));
  if (!sid) co_return fail(Errc::NotFound, std::string(call.path));
  const auto form = wire::parse_form(call.http.body);
  if (!form) co_return Unexpected(form.error());
  const auto status = form->first("Status");
  const bool has_body = form->has("Body");
  const bool cancels = status == "canceled" && !has_body;
  const bool redacts = !status && has_body && !form->first("Body");
  Result<Message> updated = fail(Errc::UpdateInvalid);
  if (cancels) {
    updated = co_await call.world.cancel(*std::move(sid));
  } else if (redacts) {
    updated = co_await call.world.redact(*std::move(sid));
  } else {
    const Result<Message> found = co_await call.world.find(*std::move(sid));
    if (!found) updated = Unexpected(found.error());
  }
  if (!updated) co_return told(call, updated.error());
  co_return TwilioAnswer{.body = rendered(*updated, call.format, true)};
}

Task<Result<TwilioAnswer>> delete_message(TwilioCall call) {
  auto sid = parse_message_sid(call.captured.at(1));
  if (!sid) co_return fail(Errc::NotFound, std::string(call.path));
  const Result<void> removed = co_await call.world.remove(*std::move(sid));
  if (!removed) co_return told(call, removed.error());
  co_return TwilioAnswer{.status = 204, .typed = false};
}

}  // namespace twindow::api
