// SPDX-License-Identifier: Apache-2.0
// From a call to its endpoint: product host, route, credentials, and the answer's dress.
#include "twindow/api/twilio_face.h"

#include <array>
#include <atomic>

#include "twindow/wire/json_writer.h"
#include "twindow/wire/twilio/errors.h"
#include "twindow/wire/twilio/product_host.h"

#include "src/api/authentication.h"
#include "src/api/local_answers.h"
#include "src/api/path_pattern.h"
#include "src/api/twilio_call.h"

namespace twindow::api {

namespace {

struct Route {
  std::string_view method;
  std::string_view pattern;  // without the suffix that names the format
  TwilioEndpoint endpoint;
};

constexpr std::array kRoutes{
    Route{"POST", "/2010-04-01/Accounts/{AccountSid}/Messages", create_message},
    Route{"GET", "/2010-04-01/Accounts/{AccountSid}/Messages", list_messages},
    Route{"GET", "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}", fetch_message},
};

class TwilioFace {
 public:
  TwilioFace(ServerState& state, wire::Handler control)
      : state_(state), control_(std::move(control)) {}

  Task<wire::HttpReply> answer(wire::HttpCall call) {
    if (const auto foreign = wire::foreign_authority(call)) {
      co_return dressed(refuse(403, not_a_proxy_for(*foreign)), anonymous_id());
    }
    const wire::CallTarget target = wire::locate(call);
    if (target.named_by == wire::NamedBy::Path &&
        (target.path == "/__admin" || target.path.starts_with("/__admin/"))) {
      wire::HttpReply controlled = co_await control_(std::move(call));
      co_return controlled;
    }
    const std::string_view full_path = target.path;
    if (target.host.product != "api") {
      const Error error{Errc::NotSimulated, target.host.text() + std::string(full_path)};
      co_return dressed(wire::problem(error, wire::Format::Json), anonymous_id());
    }
    std::string_view path = full_path;
    const wire::Format format = take_format(path);
    const std::string_view method = call.method == "HEAD" ? "GET" : std::string_view(call.method);
    std::string_view matched;
    for (const Route& route : kRoutes) {
      auto captured = match_path(route.pattern, path);
      if (!captured) continue;
      const auto account = parse_account_sid(captured->front());
      if (!account) break;
      matched = route.pattern;
      if (route.method != method) continue;
      const auto allowed = authenticate(state_.accounts, *account, call.headers);
      if (!allowed) {
        co_return dressed(wire::problem(allowed.error(), format), anonymous_id(), matched);
      }
      gateway::World& world = state_.worlds.open(*account);
      TwilioCall resolved{
          state_, world, call, std::string(full_path), target.query, *std::move(captured), format};
      wire::HttpReply reply = co_await run(route.endpoint, std::move(resolved));
      reply.route = matched;
      co_return reply;
    }
    const Error error = matched.empty() ? not_simulated(full_path) : Error{Errc::MethodNotAllowed};
    co_return dressed(wire::problem(error, shape_of(full_path, format)), anonymous_id(), matched);
  }

 private:
  Task<wire::HttpReply> run(TwilioEndpoint endpoint, TwilioCall call) {
    gateway::World& world = call.world;
    const wire::Format format = call.format;
    const gateway::World::CallGuard guard(world);
    const bool real = state_.worlds.base_mode() == gateway::ClockMode::Real;
    const Time began = real ? state_.wall.now() : Time();
    Result<TwilioAnswer> answer = co_await endpoint(std::move(call));
    // With a clock that is moved by hand no wall time enters an answer.
    const Duration took = real ? state_.wall.now() - began : Duration();
    wire::ReplyContext context{.request_id = answer ? answer->request_id : std::string(),
                               .took = took,
                               .concurrent = static_cast<int>(world.calls_under_way())};
    if (context.request_id.empty()) context.request_id = world.next_request_id();
    if (!answer) co_return dressed(wire::problem(answer.error(), format), context);
    wire::HttpReply reply{.status = answer->status, .headers = {}, .body = std::move(answer->body)};
    reply.subject = std::move(answer->subject);
    reply.own_headers.reserve(160);
    reply.own_headers.append("Content-Type: ").append(wire::content_type(format)).append("\r\n");
    co_return dressed(std::move(reply), context);
  }

  Error not_simulated(std::string_view path) const {
    if (path != "/") return {Errc::NotSimulated, std::string(path)};
    return {Errc::NotFound, "/ (" + who_we_are(state_) + ")"};
  }

  wire::ReplyContext anonymous_id() {
    SidSource ids = anonymous_ids_;
    ids.resume_at(anonymous_calls_++);
    return {.request_id = ids.next("RQ"), .took = {}, .concurrent = 1};
  }

  static wire::HttpReply dressed(wire::HttpReply reply, const wire::ReplyContext& context,
                                 std::string_view route = {}) {
    wire::add_twilio_headers(reply, context);
    reply.route = route;
    return reply;
  }

  ServerState& state_;
  wire::Handler control_;
  const SidSource anonymous_ids_{state_.seed, AccountSid{"anonymous calls"}};
  std::atomic<std::uint64_t> anonymous_calls_ = 0;
};

}  // namespace

wire::Handler make_twilio_face(ServerState& state, wire::Handler control) {
  // Shared by the copies that std::function makes of itself; one face in all.
  auto face = std::make_shared<TwilioFace>(state, std::move(control));
  return [face](wire::HttpCall call) { return face->answer(std::move(call)); };
}

std::vector<std::string_view> twilio_routes() {
  std::vector<std::string_view> patterns;
  for (const Route& route : kRoutes) patterns.push_back(route.pattern);
  return patterns;
}

wire::HttpReply refuse(int http_status, std::string_view detail) {
  int code = http_status >= 500 ? 20500 : 20001;
  if (http_status == 403) code = 20403;
  if (http_status == 404) code = 20404;
  if (http_status == 405) code = 20004;
  if (http_status == 413) code = 20413;
  if (http_status == 503) code = 20503;
  if (http_status == 504) code = 20504;
  wire::HttpReply reply{.status = http_status};
  std::string body;
  wire::JsonWriter(body, wire::Spacing::Spaced)
      .begin_object()
      .field("code", code)
      .field("message", detail)
      .field("more_info", "https://www.twilio.com/docs/errors/" + std::to_string(code))
      .field("status", http_status)
      .end_object();
  reply.body = std::move(body);
  reply.headers = {{"Content-Type", "application/json"}};
  return reply;
}

}  // namespace twindow::api
