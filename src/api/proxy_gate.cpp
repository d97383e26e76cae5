// SPDX-License-Identifier: Apache-2.0
#include "src/api/proxy_gate.h"

#include "twindow/base/ascii.h"
#include "twindow/wire/form_edit.h"
#include "twindow/wire/twilio/errors.h"
#include "twindow/wire/twilio/message_answers.h"
#include "twindow/wire/twilio/send_request.h"
#include "twindow/wire/url.h"

#include "src/api/gate.h"
#include "src/api/learning.h"
#include "src/api/local_answers.h"
#include "src/api/lost_create.h"
#include "src/api/upstream_reply.h"

namespace twindow::api {

namespace {

using Edit = std::optional<std::optional<std::string>>;

// A send that we do not read and Twilio might: in parts, or in the query of the URL. JSON it reads
// no more than we do, and says so.
std::optional<Error> unread_send(const wire::UpstreamCall& call, const wire::Form& form) {
  const auto type = wire::find_header(call.headers, "Content-Type");
  if (type && lower_case(*type).starts_with("multipart/")) {
    return Error{Errc::InvalidParameter,
                 "Content-Type: found " + std::string(type->substr(0, type->find(';'))) +
                     ", expected application/x-www-form-urlencoded: Twindow judges no other send"};
  }
  const std::size_t query = call.target.find('?');
  if (query == std::string::npos || form.first("To")) return std::nullopt;
  const auto asked = wire::parse_form(std::string_view(call.target).substr(query + 1));
  if (!asked || !asked->first("To")) return std::nullopt;
  return Error{Errc::InvalidParameter,
               "To: found it in the URL, expected it in the body: Twindow judges no other send"};
}

// What makes a repeated create the same one; the SDKs of Twilio send neither, jobs' queues do.
std::string key_of(const wire::Headers& headers) {
  for (const std::string_view name : {"Idempotency-Key", "I-Twilio-Idempotency-Token"}) {
    if (const auto key = wire::find_header(headers, name)) return std::string(*key);
  }
  return {};
}

void add_gate_headers(wire::HttpReply& reply, const Decision& decision) {
  reply.own_headers += gate_headers(decision);
}

}  // namespace

Task<wire::HttpReply> ProxyGate::create(wire::UpstreamCall call, AccountSid account,
                                        wire::Format format) {
  Create create{.call = std::move(call), .format = format};
  const auto authorization = wire::find_header(create.call.headers, "Authorization");
  if (!authorization) {
    Made made = co_await forward(create);
    co_return std::move(made.reply);
  }
  create.caller = callers_.caller(std::move(account), *authorization);
  auto form = wire::parse_form(create.call.body);
  if (!form) {
    Error error = std::move(form).error();
    co_return co_await callers_.answer_known(std::move(create.caller), std::move(error), format);
  }
  create.form = *std::move(form);
  if (auto unread = unread_send(create.call, create.form)) {
    co_return co_await callers_.answer_known(std::move(create.caller), *std::move(unread), format);
  }
  co_return co_await once(create);
}

// A create that is made again sends no second message.
Task<wire::HttpReply> ProxyGate::once(Create& create) {
  std::optional<gateway::Idempotency::Turn> turn;
  if (parts_.idempotency != nullptr) {
    gateway::RepeatableCreate repeatable{.account = create.caller.account,
                                         .caller = create.caller.fingerprint.text,
                                         .key = key_of(create.call.headers),
                                         .params = create.form.params()};
    turn = parts_.idempotency->begin_now(repeatable);
    if (!turn) {
      auto begun = co_await parts_.idempotency->begin(std::move(repeatable));
      if (const auto* const repeat = std::get_if<gateway::Idempotency::Repeat>(&begun)) {
        auto away = co_await callers_.turned_away(create.caller, create.format);
        if (away) co_return *std::move(away);
        wire::HttpReply reply = reply_of(*repeat->answer);
        reply.own_headers += "Idempotent-Replayed: true\r\n";
        co_return reply;
      }
      turn = std::get<gateway::Idempotency::Turn>(std::move(begun));
    }
    create.turn = &*turn;
  }
  Made made = co_await act(create);
  if (turn && made.lost) {
    turn->lost(answer_of(made.reply));
  } else if (turn) {
    turn->answered(turn->is_waited_for() ? answer_of(made.reply) : TwilioAnswer());
  }
  co_return std::move(made.reply);
}

Task<ProxyGate::Made> ProxyGate::act(Create& create) {
  auto request = wire::read_send_request(create.caller.account, create.form);
  std::optional<Error> error = contradiction_in(create.form);
  if (!error && !request && names_whatsapp(create.form)) {
    // Twilio might make something of what we cannot read: then it would go round the window.
    auto strict = wire::parse_send_request(create.caller.account, create.form);
    error = strict ? Error{Errc::InvalidTo, ""} : std::move(strict).error();
  } else if (!error && request && request->from && request->from->channel != request->to.channel) {
    error = Error{Errc::ChannelMismatch};
  }
  if (error) {
    Made made;
    made.reply = co_await callers_.answer_known(create.caller, *std::move(error), create.format);
    co_return made;
  }
  if (!request) {
    co_return co_await forward(create);
  }
  // No world is made for somebody whom Twilio does not know, and Twilio is not asked in his name.
  const bool stranger = state_.worlds.find(create.caller.account) == nullptr ||
                        !state_.accounts.has_credentials(create.caller.account);
  if (stranger) {
    auto away = co_await callers_.turned_away(create.caller, create.format);
    if (away) co_return Made{*std::move(away)};
  }
  co_return co_await judge(create, *std::move(request));
}

Task<ProxyGate::Made> ProxyGate::judge(Create& create, SendRequest request) {
  gateway::World& world = state_.worlds.open(create.caller.account);
  Judged judged{.send = send_call(std::move(request), create.form)};
  std::optional<gateway::World::Decided> decided = world.decide_now(judged.send);
  if (!decided) {
    // A subaccount, for example, that the configuration does not name.
    std::string authorization;
    if (!state_.accounts.has_credentials(create.caller.account)) {
      authorization = create.caller.authorization;
    }
    decided = co_await world.decide(judged.send, std::nullopt, std::move(authorization));
  }
  judged.decision = std::move(decided->decision);
  judged.entry = ledger_entry(judged.decision, judged.send.request, decided->at,
                              campaign_of(create.call.headers));
  const auto lost_since = create.turn == nullptr ? std::nullopt : create.turn->lost_since();
  if (lost_since) {
    auto lost = co_await look_for_lost(create, judged, *lost_since);
    if (lost) co_return *std::move(lost);
  }
  const bool stops = std::holds_alternative<Reject>(judged.decision.verdict) ||
                     std::holds_alternative<Hold>(judged.decision.verdict);
  if (stops) {
    auto away = co_await callers_.turned_away(create.caller, create.format);
    if (away) co_return Made{*std::move(away)};
  }
  if (state_.send_judged) state_.send_judged(action_of(judged.decision.verdict));
  if (stops) {
    co_return co_await answer_here(create, judged);
  }
  co_return co_await send_on(create, judged);
}

// Nothing if the message of an equal create is not there.
Task<std::optional<ProxyGate::Made>> ProxyGate::look_for_lost(Create& create, Judged& judged,
                                                              Time since) {
  gateway::World& world = state_.worlds.open(create.caller.account);
  auto found = co_await find_lost_message(*parts_.twilio, world, judged.send.request, since);
  if (!found) {
    const Error error{Errc::TimedOut,
                      "an equal request has got no answer, and whether its message is there cannot "
                      "be learned: " +
                          found.error().detail +
                          "; Twilio may have got that request: look before you repeat it"};
    co_return Made{wire::problem(error, create.format), true};
  }
  if (*found) {
    co_return co_await answer_lost(create, judged, **std::move(found));
  }
  create.turn->not_there();
  co_return std::nullopt;
}

// Twilio had made the message before, and its answer was lost: this is it.
Task<ProxyGate::Made> ProxyGate::answer_lost(Create& create, Judged& judged, RemoteMessage found) {
  gateway::World& world = state_.worlds.open(create.caller.account);
  Decision decision = std::move(judged.decision);
  decision.verdict = Pass{};
  decision.rule.clear();
  decision.reason =
      "Twilio had made this message of an equal request before, whose answer was lost; it was not "
      "sent again";
  LedgerEntry entry = ledger_entry(decision, judged.send.request, judged.entry.at,
                                   std::move(judged.entry.campaign));
  if (state_.send_judged) state_.send_judged(Action::Pass);
  const Result<Message> kept = co_await world.keep_sent(std::move(judged.send.request), found.sid,
                                                        found.status, std::move(entry));
  wire::HttpReply reply;
  if (kept && create.format == wire::Format::Xml) {
    reply = message_reply(*kept, create.format);
  } else {
    reply.status = 201;
    reply.headers = {{"Content-Type", std::string(wire::content_type(wire::Format::Json))}};
    reply.body = std::move(found.json);
  }
  add_gate_headers(reply, decision);
  co_return Made{std::move(reply)};
}

Task<ProxyGate::Made> ProxyGate::answer_here(Create& create, Judged& judged) {
  gateway::World& world = state_.worlds.open(create.caller.account);
  const Decision decision = std::move(judged.decision);
  if (std::holds_alternative<Hold>(decision.verdict)) {
    judged.send.request.form = std::move(create.call.body);
  }
  const auto made =
      co_await keep_here(world, std::move(judged.send.request), decision, std::move(judged.entry));
  wire::HttpReply reply;
  if (!made) {
    reply = wire::problem(made.error(), create.format);
  } else if (*made) {
    reply = message_reply(**made, create.format);
  } else {
    const int code = std::get<Reject>(decision.verdict).code;
    reply = wire::refusal(code, refusal_text(decision), create.format);
  }
  if (made) add_gate_headers(reply, decision);
  co_return Made{std::move(reply)};
}

Task<ProxyGate::Made> ProxyGate::send_on(Create& create, Judged& judged) {
  write_call(create, judged);
  gateway::World& world = state_.worlds.open(create.caller.account);
  if (may_learn(judged.send.request, create.form, parts_.learn_url)) {
    std::optional<bool> nobody = world.nobody_is_told_now(judged.send.request);
    if (!nobody) {
      nobody = co_await world.nobody_is_told(judged.send.request);
    }
    if (*nobody) {
      create.call.body = asked_to_learn(std::move(create.call.body), parts_.learn_url);
    }
  }
  wire::UpstreamReply answered = co_await upstream_(std::move(create.call));
  if (answered) {
    bool whole = is_whole(*answered);
    if (!whole) {
      whole = co_await collect(*answered);
    }
    if (whole) {
      co_await keep(create, judged, *answered);
      co_return Made{*std::move(answered)};
    }
    answered = Unexpected(wire::UpstreamFailure{.fault = wire::UpstreamFault::Broken,
                                                .may_have_arrived = true,
                                                .detail = "Twilio's answer broke off"});
  }
  // Whether there is a message nobody knows; the decision is kept all the same.
  const Result<void> entered = co_await world.enter(std::move(judged.entry));
  if (!entered && parts_.warn) parts_.warn("a decision was not kept: " + entered.error().detail);
  Made made{no_answer(answered.error(), create.format), answered.error().may_have_arrived};
  add_gate_headers(made.reply, judged.decision);
  co_return made;
}

// As Twilio shall get it.
void ProxyGate::write_call(Create& create, Judged& judged) const {
  SendRequest& request = judged.send.request;
  if (const auto* const reroute = std::get_if<Reroute>(&judged.decision.verdict)) {
    create.call.body = as_template(create.call.body, reroute->with);
    request = rerouted(std::move(request), reroute->with);
  }
  // What is no URL stays, for Twilio to refuse.
  if (!request.status_callback || !parts_.status_url ||
      !wire::parse_web_url(*request.status_callback)) {
    return;
  }
  if (const std::optional<std::string> ours = parts_.status_url(*request.status_callback)) {
    create.call.body =
        wire::edit_form(create.call.body, [&](std::string_view name, std::string_view value) {
          return name == "StatusCallback" && !value.empty() ? Edit(ours) : Edit();
        });
  }
}

// What Twilio has answered, with the message that it has made of it.
Task<void> ProxyGate::keep(Create& create, Judged& judged, wire::HttpReply& reply) {
  gateway::World& world = state_.worlds.open(create.caller.account);
  callers_.learn(create.caller, reply.status);
  add_gate_headers(reply, judged.decision);
  std::optional<wire::MadeMessage> message;
  if (reply.status >= 200 && reply.status < 300) {
    const auto text = json_text(reply);
    auto read = text ? wire::read_made_message(*text) : fail(Errc::BadReply);
    if (read) message = *std::move(read);
  }
  std::optional<Result<void>> kept;
  if (message) {
    SendRequest& request = judged.send.request;
    kept = world.keep_sent_now(request, message->sid, message->status, judged.entry);
    if (!kept) {
      const Result<Message> stored = co_await world.keep_sent(
          std::move(request), message->sid, message->status, std::move(judged.entry));
      kept = stored ? Result<void>() : Unexpected(stored.error());
    }
  } else {
    kept = co_await world.enter(std::move(judged.entry));
  }
  if (!*kept && parts_.warn) parts_.warn("a decision was not kept: " + kept->error().detail);
}

Task<ProxyGate::Made> ProxyGate::forward(Create& create) {
  wire::UpstreamReply reply = co_await upstream_(std::move(create.call));
  if (reply) {
    const bool whole = co_await collect(*reply);
    if (whole) co_return Made{*std::move(reply)};
    reply = Unexpected(wire::UpstreamFailure{.fault = wire::UpstreamFault::Broken,
                                             .may_have_arrived = true,
                                             .detail = "Twilio's answer broke off"});
  }
  co_return Made{no_answer(reply.error(), create.format), reply.error().may_have_arrived};
}

}  // namespace twindow::api
