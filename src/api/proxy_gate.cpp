// SPDX-License-Identifier: Apache-2.0
#include "src/api/proxy_gate.h"

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"
#include "twindow/wire/form_edit.h"
#include "twindow/wire/twilio/content_variables.h"
#include "twindow/wire/twilio/errors.h"
#include "twindow/wire/twilio/message_answers.h"
#include "twindow/wire/twilio/message_json.h"
#include "twindow/wire/twilio/send_request.h"

#include "src/api/gate.h"
#include "src/api/local_answers.h"
#include "src/api/path_pattern.h"
#include "src/api/upstream_reply.h"

namespace twindow::api {

namespace {

using Edit = std::optional<std::optional<std::string>>;

// Whatever Twilio might take for one: doubled and closing slashes, escapes.
std::string tidy_path(std::string_view path) {
  std::string tidy;
  tidy.reserve(path.size());
  for (const char c : path) {
    if (c != '/' || tidy.empty() || tidy.back() != '/') tidy += c;
  }
  if (tidy.size() > 1 && tidy.ends_with('/')) tidy.pop_back();
  return tidy;
}

bool names_whatsapp(const wire::Form& form) {
  const auto is_whatsapp = [&](std::string_view name) {
    const std::string value = lower_case(form.first(name).value_or(""));
    return value.find("whatsapp") != std::string::npos;
  };
  return is_whatsapp("To") || is_whatsapp("From");
}

std::string as_template(std::string_view form, const TemplateUse& use) {
  std::string edited = wire::edit_form(form, [](std::string_view name, std::string_view) {
    const bool goes = name == "Body" || name == "MediaUrl" || name == "PersistentAction" ||
                      name == "ContentSid" || name == "ContentVariables";
    return goes ? Edit(std::optional<std::string>()) : Edit();
  });
  std::vector<Param> added{{"ContentSid", use.content.text}};
  if (!use.variables.empty()) {
    added.push_back({"ContentVariables", wire::content_variables_json(use.variables)});
  }
  return wire::append_form(std::move(edited), added);
}

void add_gate_headers(wire::HttpReply& reply, const Decision& decision) {
  reply.own_headers += gate_headers(decision);
}

}  // namespace

std::optional<AccountSid> account_of_create(std::string_view method, std::string_view path) {
  if (method != "POST") return std::nullopt;
  const auto decoded = wire::percent_decode(path);
  if (!decoded) return std::nullopt;
  const std::string tidy = tidy_path(*decoded);
  std::string_view rest = tidy;
  take_format(rest);
  const auto captured = match_path("/2010-04-01/Accounts/{AccountSid}/Messages", rest);
  return captured ? parse_account_sid(captured->front()) : std::nullopt;
}

Task<wire::HttpReply> ProxyGate::create(wire::UpstreamCall call, AccountSid account,
                                        wire::Format format) {
  const auto authorization = wire::find_header(call.headers, "Authorization");
  if (!authorization) {
    co_return co_await forward(call, format);
  }
  const Caller caller{std::move(account), std::string(*authorization)};
  auto form = wire::parse_form(call.body);
  if (!form) {
    co_return co_await answer_known(caller, std::move(form).error(), format);
  }
  auto request = wire::read_send_request(caller.account, *form);
  if (!request && names_whatsapp(*form)) {
    // Twilio might make something of what we cannot read: then it would go round the window.
    auto strict = wire::parse_send_request(caller.account, *form);
    Error error = strict ? Error{Errc::InvalidTo, ""} : std::move(strict).error();
    co_return co_await answer_known(caller, std::move(error), format);
  }
  if (!request) {
    co_return co_await forward(call, format);
  }
  if (request->from && request->from->channel != request->to.channel) {
    Error error{Errc::ChannelMismatch};
    co_return co_await answer_known(caller, std::move(error), format);
  }
  // No world is made for somebody whom Twilio does not know.
  if (state_.worlds.find(caller.account) == nullptr) {
    auto away = co_await turned_away(caller, format);
    if (away) co_return *std::move(away);
  }
  gateway::World& world = state_.worlds.open(caller.account);
  policy::SendCall judged_call = send_call(*request, *form);
  gateway::World::Decided decided = co_await world.decide(std::move(judged_call));
  LedgerEntry entry =
      ledger_entry(decided.decision, *request, decided.at, campaign_of(call.headers));
  Judged made{*std::move(request), *std::move(form), std::move(decided.decision), std::move(entry)};
  co_return co_await judged(call, caller, made, format);
}

Task<wire::HttpReply> ProxyGate::judged(wire::UpstreamCall& call, const Caller& caller,
                                        Judged& judged, wire::Format format) {
  gateway::World& world = state_.worlds.open(caller.account);
  const bool stops = std::holds_alternative<Reject>(judged.decision.verdict) ||
                     std::holds_alternative<Hold>(judged.decision.verdict);
  if (stops) {
    auto away = co_await turned_away(caller, format);
    if (away) co_return *std::move(away);
  }
  if (state_.send_judged) state_.send_judged(action_of(judged.decision.verdict));
  if (stops) {
    co_return co_await refuse(world, judged, format);
  }
  co_return co_await send_on(call, caller, judged, format);
}

Task<wire::HttpReply> ProxyGate::refuse(gateway::World& world, Judged& judged,
                                        wire::Format format) {
  const Decision& decision = judged.decision;
  const auto* const reject = std::get_if<Reject>(&decision.verdict);
  wire::HttpReply reply;
  if (reject != nullptr && reject->style == RejectStyle::Sync) {
    const Result<void> entered = co_await world.enter(std::move(judged.entry));
    if (!entered) co_return wire::problem(entered.error(), format);
    reply = wire::refusal(reject->code, refusal_text(decision), format);
  } else {
    Result<Message> made = fail(Errc::Internal);
    if (reject != nullptr) {
      made = co_await world.refuse_later(std::move(judged.request), std::move(judged.entry));
    } else {
      const Hold& hold = std::get<Hold>(decision.verdict);
      made = co_await world.hold(std::move(judged.request), hold.ttl, std::nullopt,
                                 std::move(judged.entry));
    }
    if (!made) co_return wire::problem(made.error(), format);
    reply.status = 201;
    reply.headers = {{"Content-Type", std::string(wire::content_type(format))}};
    reply.body =
        format == wire::Format::Xml ? wire::message_xml(*made) : wire::message_json(*made, false);
  }
  add_gate_headers(reply, decision);
  co_return reply;
}

Task<wire::HttpReply> ProxyGate::send_on(wire::UpstreamCall& call, const Caller& caller,
                                         Judged& judged, wire::Format format) {
  SendRequest request = std::move(judged.request);
  if (const auto* const reroute = std::get_if<Reroute>(&judged.decision.verdict)) {
    call.body = as_template(call.body, reroute->with);
    request = rerouted(std::move(request), reroute->with);
  }
  std::optional<std::string> ours;
  if (request.status_callback && parts_.status_url) {
    ours = parts_.status_url(*request.status_callback);
  }
  if (ours) {
    call.body = wire::edit_form(call.body, [&](std::string_view name, std::string_view value) {
      return name == "StatusCallback" && !value.empty() ? Edit(ours) : Edit();
    });
  }
  gateway::World& world = state_.worlds.open(caller.account);
  wire::UpstreamReply answered = co_await upstream_(std::move(call));
  if (!answered) {
    // Whether there is a message nobody knows; the decision is kept all the same.
    const Result<void> entered = co_await world.enter(std::move(judged.entry));
    wire::HttpReply problem = no_answer(answered.error(), format);
    add_gate_headers(problem, judged.decision);
    co_return problem;
  }
  wire::HttpReply reply = *std::move(answered);
  const bool accepted = reply.status >= 200 && reply.status < 300;
  if (accepted) parts_.known->accepted(caller.account, caller.authorization);
  if (reply.status == 401) parts_.known->refused(caller.account, caller.authorization);
  co_await collect(reply);
  const auto* const text = std::get_if<std::string>(&reply.body);
  std::optional<RemoteMessage> message;
  if (accepted && text != nullptr && is_plain_json(reply)) {
    auto read = wire::read_message(*text);
    if (read) message = *std::move(read);
  }
  if (message) {
    const Result<Message> kept = co_await world.keep_sent(std::move(request), message->sid,
                                                          message->status, std::move(judged.entry));
    if (!kept && parts_.warn) parts_.warn("a sent message was not kept: " + kept.error().detail);
  } else {
    const Result<void> entered = co_await world.enter(std::move(judged.entry));
    if (!entered && parts_.warn) parts_.warn("a decision was not kept: " + entered.error().detail);
  }
  add_gate_headers(reply, judged.decision);
  co_return reply;
}

Task<wire::HttpReply> ProxyGate::forward(wire::UpstreamCall& call, wire::Format format) {
  wire::UpstreamReply reply = co_await upstream_(std::move(call));
  if (!reply) co_return no_answer(reply.error(), format);
  co_return *std::move(reply);
}

Task<std::optional<wire::HttpReply>> ProxyGate::turned_away(const Caller& caller,
                                                            wire::Format format) {
  if (parts_.known->knows(caller.account, caller.authorization)) co_return std::nullopt;
  ports::CallersCredentials asked{caller.account, caller.authorization};
  const Result<ports::CredentialsVerdict> verdict =
      co_await parts_.twilio->check_credentials(std::move(asked), limits::kLookupTime);
  if (!verdict) {
    co_return wire::problem(
        Error{
            Errc::NotReached,
            "the credentials could not be checked, Twilio did not answer; Twilio has not got this "
            "request"},
        format);
  }
  if (verdict->accepted) {
    parts_.known->accepted(caller.account, caller.authorization);
    co_return std::nullopt;
  }
  wire::HttpReply reply{.status = verdict->answer.status};
  for (const Param& header : verdict->answer.headers) {
    reply.headers.push_back({header.name, header.value});
  }
  reply.body = verdict->answer.body;
  co_return std::optional(std::move(reply));
}

Task<wire::HttpReply> ProxyGate::answer_known(const Caller& caller, Error error,
                                              wire::Format format) {
  auto away = co_await turned_away(caller, format);
  if (away) co_return *std::move(away);
  co_return wire::problem(error, format);
}

}  // namespace twindow::api
