// SPDX-License-Identifier: Apache-2.0
// The control API's door and its route table.
#include "twindow/api/control_face.h"

#include <algorithm>
#include <array>

#include "src/api/caller_guard.h"
#include "src/api/control_call.h"
#include "src/api/landing_page.h"
#include "src/api/path_pattern.h"

namespace twindow::api {

namespace {

struct Route {
  std::string_view method;
  std::string_view pattern;
  ControlEndpoint endpoint;
  bool simulates = false;  // makes things happen that in proxy mode Twilio makes, or time
};

constexpr std::array kRoutes{
    Route{"GET", "/__admin/health", get_health},
    Route{"GET", "/__admin/version", get_version},
    Route{"GET", "/__admin/info", get_info},
    Route{"GET", "/__admin/ca.crt", get_ca_certificate},
    Route{"POST", "/__admin/reset", post_reset},
    Route{"GET", "/__admin/messages", list_control_messages},
    Route{"POST", "/__admin/messages/wait", wait_for_messages},
    Route{"POST", "/__admin/messages/count", count_messages},
    Route{"POST", "/__admin/verify", verify_messages},
    Route{"GET", "/__admin/messages/{sid}", get_control_message},
    Route{"POST", "/__admin/messages/{sid}/capture", capture_message},
    Route{"POST", "/__admin/simulate/inbound-message", simulate_inbound_message, true},
    Route{"POST", "/__admin/simulate/message-status", simulate_message_status, true},
    Route{"GET", "/__admin/callbacks", list_callbacks},
    Route{"GET", "/__admin/callbacks/{id}", get_callback},
    Route{"POST", "/__admin/callbacks/{id}/resend", resend_callback},
    Route{"GET", "/__admin/windows", list_windows},
    Route{"POST", "/__admin/windows/import", import_windows},
    Route{"GET", "/__admin/windows/backfill", get_backfill},
    Route{"POST", "/__admin/windows/backfill", post_backfill},
    Route{"GET", "/__admin/windows/{sender}/{user}", get_window},
    Route{"PUT", "/__admin/windows/{sender}/{user}", put_window},
    Route{"DELETE", "/__admin/windows/{sender}/{user}", delete_window},
    Route{"GET", "/__admin/decisions", list_decisions},
    Route{"POST", "/__admin/explain", explain},
    Route{"GET", "/__admin/policy", get_policy},
    Route{"PUT", "/__admin/policy", put_policy},
    Route{"DELETE", "/__admin/policy", delete_policy},
    Route{"GET", "/__admin/scenario", get_scenario},
    Route{"PUT", "/__admin/scenario", put_scenario, true},
    Route{"GET", "/__admin/templates", list_templates},
    Route{"POST", "/__admin/templates", post_template, true},
    Route{"GET", "/__admin/templates/approvals", get_approval_plan},
    Route{"PUT", "/__admin/templates/approvals", put_approval_plan, true},
    Route{"PUT", "/__admin/templates/{sid}/approval", put_approval, true},
    Route{"GET", "/__admin/senders", get_senders},
    Route{"PUT", "/__admin/senders", put_senders},
    Route{"GET", "/__admin/personas", get_personas, true},
    Route{"PUT", "/__admin/personas", put_personas, true},
    Route{"GET", "/__admin/sandbox", get_sandbox, true},
    Route{"GET", "/__admin/clock", get_clock},
    Route{"PUT", "/__admin/clock", put_clock, true},
    Route{"POST", "/__admin/clock/advance", advance_clock, true},
    Route{"GET", "/__admin/events", get_events},
    Route{"GET", "/__admin/alerts", list_control_alerts},
    Route{"GET", "/__admin/alerts/{sid}", get_control_alert},
    Route{"GET", "/__admin/faults", get_faults},
    Route{"PUT", "/__admin/faults", put_faults, true},
};

// Beside the API, for machines and for people.
constexpr std::string_view kLive = "/livez";
constexpr std::string_view kReady = "/readyz";
constexpr std::string_view kMetrics = "/metrics";
constexpr std::string_view kPage = "/";

wire::HttpReply plain(int status, std::string text) {
  wire::HttpReply reply{.status = status};
  reply.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
  reply.body = std::move(text);
  return reply;
}

// prometheus.io/docs/instrumenting/exposition_formats, the text format.
Task<wire::HttpReply> metrics(ServerState& state) {
  std::string text = co_await state.metrics();
  wire::HttpReply reply = plain(200, std::move(text));
  reply.headers.front().value = "text/plain; version=0.0.4; charset=utf-8";
  co_return reply;
}

wire::HttpReply at(std::string_view route, wire::HttpReply reply) {
  reply.route = route;
  return reply;
}

wire::HttpReply readiness(Phase phase) {
  if (phase == Phase::Ready) return plain(200, "ready\n");
  return plain(503, phase == Phase::Starting ? "starting\n" : "draining\n");
}

wire::HttpReply token_needed(const wire::Headers& headers) {
  const bool offered = wire::find_header(headers, "Authorization").has_value();
  const std::string what = offered
                               ? "the token that was given is not this server's; "
                               : "the control API's token is needed, as Authorization: Bearer; ";
  wire::HttpReply refused = problem_reply(
      401, "Unauthorized",
      what +
          "the commands take it from --control-token-file, TWINDOW_CONTROL_TOKEN or the "
          "server's data folder (TWINDOW_DATA)");
  refused.headers.push_back({"WWW-Authenticate", "Bearer realm=\"twindow\""});
  return refused;
}

Task<wire::HttpReply> answer(ServerState& state, wire::HttpCall call) {
  const Result<void> admitted = admit_caller(state, call.headers);
  if (!admitted) co_return problem_reply(403, "Forbidden", admitted.error().detail);
  const auto target = wire::split_target(call.target);
  const std::string_view method = call.method == "HEAD" ? "GET" : std::string_view(call.method);
  if (method == "GET" && target.path == kLive) co_return at(kLive, plain(200, "ok\n"));
  if (method == "GET" && target.path == kReady) co_return at(kReady, readiness(state.phase));
  if (method == "GET" && target.path == kPage) co_return at(kPage, landing_page(state));
  if (!knows_token(state, call.headers)) co_return token_needed(call.headers);
  if (method == "GET" && target.path == kMetrics && state.metrics) {
    wire::HttpReply page = co_await metrics(state);
    co_return at(kMetrics, std::move(page));
  }
  auto query = wire::parse_form(target.query);
  if (!query) co_return control_problem(query.error());
  std::string_view matched;
  for (const Route& route : kRoutes) {
    auto captured = match_path(route.pattern, target.path);
    if (!captured) continue;
    matched = route.pattern;
    if (route.method != method) continue;
    if (route.simulates && state.mode == "proxy") {
      const Error error{Errc::Conflict, call.method + " " + std::string(target.path) +
                                            ": not in proxy mode, where Twilio is the real one"};
      co_return at(matched, control_problem(error));
    }
    ControlCall resolved{state, call, *std::move(query), *std::move(captured)};
    Result<wire::HttpReply> reply = co_await route.endpoint(std::move(resolved));
    if (!reply) co_return at(matched, control_problem(reply.error()));
    co_return at(matched, *std::move(reply));
  }
  const std::string what = call.method + " " + std::string(target.path);
  const Error error =
      matched.empty()
          ? Error{Errc::NotFound, what + ": no such call; docs/CONTROL_API.md lists them"}
          : Error{Errc::MethodNotAllowed, what + ": another method is needed here"};
  co_return at(matched, control_problem(error));
}

}  // namespace

wire::Handler make_control_face(ServerState& state) {
  return [&state](wire::HttpCall call) { return answer(state, std::move(call)); };
}

std::vector<std::string_view> control_routes() {
  std::vector<std::string_view> patterns{kLive, kReady, kMetrics, kPage};
  for (const Route& route : kRoutes) patterns.push_back(route.pattern);
  return patterns;
}

}  // namespace twindow::api
