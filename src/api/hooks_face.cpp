// SPDX-License-Identifier: Apache-2.0
#include "twindow/api/hooks_face.h"

#include <array>
#include <memory>
#include <utility>

#include "twindow/api/twilio_face.h"
#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"
#include "twindow/wire/json_body.h"
#include "twindow/wire/secret.h"
#include "twindow/wire/twilio/hook_url.h"
#include "twindow/wire/twilio/signature.h"
#include "twindow/wire/twilio/webhook_reading.h"
#include "twindow/wire/url.h"

namespace twindow::api {

namespace {

constexpr std::string_view kLive = "/livez";
constexpr std::string_view kStatusRoute = "/hooks/status/{token}";
constexpr std::string_view kNoAnswer = R"(<?xml version="1.0" encoding="UTF-8"?><Response/>)";

// The path below the public URL, whether the proxy before us has cut that one's own path off or
// not.
std::string_view below_public_url(const ServerState& state, std::string_view path) {
  const auto url = wire::parse_web_url(state.public_url);
  const std::string_view prefix = url ? url->target : std::string_view();
  if (prefix.size() > 1 && path.starts_with(prefix) &&
      path.substr(prefix.size()).starts_with('/')) {
    path.remove_prefix(prefix.size());
  }
  return path;
}

std::string header_of(const wire::HttpCall& call, std::string_view name) {
  return std::string(wire::find_header(call.headers, name).value_or(""));
}

Result<wire::Form> read_body(const wire::HttpCall& call) {
  const std::string type = header_of(call, "Content-Type");
  const bool json = equals_ignoring_case(type.substr(0, type.find(';')), "application/json");
  return json ? wire::parse_json_object_as_form(call.body, limits::kJsonDepthMax)
              : wire::parse_form(call.body);
}

struct Failure {
  HookOutcome outcome;
  int http_status;
  std::string detail;            // for the log
  std::string_view answer = {};  // for who has called, if that is not the same
};

// What anybody may know whose webhook is not believed.
constexpr std::string_view kNotBelieved =
    "Twindow: X-Twilio-Signature does not fit this URL and account; nothing was learned";

// One webhook that Twilio has signed.
struct Hook {
  const ServerState& state;
  const wire::HttpCall& call;  // lives until the answer is made
  wire::Form form;
  AccountSid account;
  std::string token = {};  // of the path, for a status

  gateway::World& world() const { return state.worlds.open(account); }
  gateway::World::Told told(bool inbound) const {
    return {.news = {.inbound = inbound,
                     .params = form.params(),
                     .cookie = inbound ? header_of(call, "Cookie") : std::string()},
            .idempotency_token = header_of(call, "I-Twilio-Idempotency-Token")};
  }
};

struct Answered {
  HookOutcome outcome = HookOutcome::Taken;
  wire::HttpReply reply;
};
using HookResult = Expected<Answered, Failure>;

Unexpected<Failure> malformed(std::string detail) {
  return Unexpected(Failure{HookOutcome::Malformed, 400, std::move(detail)});
}

Unexpected<Failure> not_kept(const Error& error) {
  return Unexpected(Failure{HookOutcome::NotKept, 503, "could not be kept: " + error.detail,
                            "Twindow: the webhook could not be kept; it may be repeated"});
}

wire::HttpReply answer_of_app(WebhookOutcome outcome) {
  wire::HttpReply reply{.status = outcome.http_status};
  if (!outcome.content_type.empty()) {
    reply.headers.push_back({"Content-Type", std::move(outcome.content_type)});
  }
  for (Param& header : outcome.headers) {
    reply.headers.push_back({std::move(header.name), std::move(header.value)});
  }
  reply.body = std::move(outcome.reply);
  return reply;
}

Task<HookResult> take_inbound(Hook hook) {
  auto message = wire::read_inbound_message(hook.form);
  if (!message) co_return malformed(message.error().detail);
  std::string sid = message->sid.text;
  gateway::World::Told told = hook.told(true);
  auto received = co_await hook.world().hear_inbound(*std::move(message), std::move(told));
  if (!received) co_return not_kept(received.error());
  Answered answered;
  if (!received->webhook) {
    answered.reply.headers = {{"Content-Type", "text/xml"}};
    answered.reply.body = std::string(kNoAnswer);
  } else if (const auto& error = received->webhook->outcome.error) {
    co_return Unexpected(Failure{HookOutcome::AppFailed, 502,
                                 "the app has not answered: " + error->detail,
                                 "Twindow: the app has not answered; the message was kept"});
  } else {
    answered.reply = answer_of_app(std::move(received->webhook->outcome));
  }
  answered.reply.subject = std::move(sid);
  co_return answered;
}

// The same for the same news, however often Twilio brings it: the idempotency token says so, or, as
// Twilio advises, the message and its status.
std::string id_of(const wire::StatusCallback& callback, const std::string& idempotency_token) {
  const std::string same =
      idempotency_token.empty() ? callback.status_text : "token " + idempotency_token;
  return "CB" + wire::sha256_hex(callback.sid.text + ' ' + same).substr(0, 32);
}

Task<HookResult> take_status(Hook hook) {
  const bool learned = wire::is_learn_token(hook.token);
  const auto url = learned ? std::optional<std::string>("") : wire::read_hook_token(hook.token);
  if (!url) co_return malformed("the path holds no URL of an app");
  const auto callback = wire::read_status_callback(hook.form);
  if (!callback) co_return malformed(callback.error().detail);
  gateway::World::StatusHook status;
  status.news = {.sid = callback->sid,
                 .status = callback->status,
                 .error_code = callback->error_code,
                 .from = callback->from};
  status.url = *url;
  status.ours = wire::read_hook_sid(wire::split_target(hook.call.target).query);
  status.tell_nobody = learned;
  status.told = hook.told(false);
  status.id = id_of(*callback, status.told.idempotency_token);
  const auto heard = co_await hook.world().hear_status(std::move(status));
  if (!heard) co_return not_kept(heard.error());
  Answered answered;
  answered.reply.status = 204;
  answered.reply.subject = callback->sid.text;
  if (*heard == gateway::World::Hearing::Repeat) answered.outcome = HookOutcome::Repeat;
  co_return answered;
}

class HooksFace {
 public:
  explicit HooksFace(const ServerState& state) : state_(state) {}

  Task<wire::HttpReply> answer(wire::HttpCall call) {
    const wire::TargetParts target = wire::split_target(call.target);
    const std::string_view path = below_public_url(state_, target.path);
    if (path == kLive) co_return live(call.method);
    if (path == wire::kInboundHook) {
      wire::HttpReply reply = co_await take(std::move(call), HookKind::Inbound);
      reply.route = wire::kInboundHook;
      co_return reply;
    }
    const bool status = path.starts_with(wire::kStatusHook) &&
                        path.find('/', wire::kStatusHook.size()) == std::string_view::npos;
    if (status) {
      wire::HttpReply reply = co_await take(std::move(call), HookKind::Status);
      reply.route = kStatusRoute;
      co_return reply;
    }
    co_return refuse(404, "Twindow: Twilio's webhooks are /hooks/inbound and /hooks/status/…");
  }

 private:
  static wire::HttpReply live(std::string_view method) {
    if (method != "GET" && method != "HEAD") return refuse(405, "Method not allowed");
    wire::HttpReply reply;
    reply.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
    reply.body = std::string("ok\n");
    reply.route = kLive;
    return reply;
  }

  Task<wire::HttpReply> take(wire::HttpCall call, HookKind kind) {
    if (call.method != "POST") co_return refuse(405, "Method not allowed");
    auto hook = believe(call);
    if (!hook) co_return failed(kind, hook.error());
    Task<HookResult> work =
        kind == HookKind::Inbound ? take_inbound(*std::move(hook)) : take_status(*std::move(hook));
    HookResult answered = co_await std::move(work);
    if (!answered) co_return failed(kind, answered.error());
    report({.kind = kind, .outcome = answered->outcome});
    co_return std::move(answered->reply);
  }

  Expected<Hook, Failure> believe(const wire::HttpCall& call) const {
    if (state_.public_url.empty()) {
      return Unexpected(Failure{HookOutcome::NoPublicUrl, 403,
                                "Twindow: without public_url (--public-url) no signature can be "
                                "checked; nothing was learned"});
    }
    auto form = read_body(call);
    if (!form) return malformed("the body cannot be read: " + form.error().detail);
    auto account = wire::account_of_webhook(*form);
    const auto auth_token = account ? state_.accounts.configured_token(*account) : std::nullopt;
    if (!auth_token) {
      return Unexpected(Failure{
          HookOutcome::UnknownAccount, 403,
          account ? account->text + " is not in accounts[] of the configuration with a token"
                  : std::string("it names no account"),
          kNotBelieved});
    }
    const wire::TargetParts target = wire::split_target(call.target);
    const std::string_view path = below_public_url(state_, target.path);
    std::string url = state_.public_url + std::string(path);
    if (call.target.find('?') != std::string::npos) url.append("?").append(target.query);
    if (!wire::webhook_signature_matches(auth_token->text, url, call.body, form->params(),
                                         header_of(call, "X-Twilio-Signature"))) {
      return Unexpected(Failure{HookOutcome::WrongSignature, 403,
                                "signed with another token than " + account->text +
                                    "'s, or for another URL than that below " + state_.public_url,
                                kNotBelieved});
    }
    return Hook{.state = state_,
                .call = call,
                .form = *std::move(form),
                .account = *std::move(account),
                .token = std::string(path.substr(std::min(path.size(), wire::kStatusHook.size())))};
  }

  wire::HttpReply failed(HookKind kind, const Failure& failure) const {
    report({.kind = kind, .outcome = failure.outcome, .detail = failure.detail});
    return refuse(failure.http_status,
                  failure.answer.empty() ? std::string_view(failure.detail) : failure.answer);
  }

  void report(const HookReport& report) const {
    if (state_.hook_answered) state_.hook_answered(report);
  }

  const ServerState& state_;
};

}  // namespace

wire::Handler make_hooks_face(const ServerState& state) {
  // Shared by the copies that std::function makes of itself; one face in all.
  auto face = std::make_shared<HooksFace>(state);
  return [face](wire::HttpCall call) { return face->answer(std::move(call)); };
}

bool is_hook(const ServerState& state, std::string_view path) {
  // Nearly every call is none, for which the public URL need not be looked at.
  if (path.find("/hooks") == std::string_view::npos && !path.ends_with(kLive)) return false;
  const std::string_view below = below_public_url(state, path);
  return below == "/hooks" || below.starts_with("/hooks/") || below == kLive;
}

std::vector<std::string_view> hook_routes() { return {wire::kInboundHook, kStatusRoute, kLive}; }

}  // namespace twindow::api
