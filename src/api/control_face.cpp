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
    Route{"GET", "/__admin/messages/{sid}", get_control_message},
    Route{"POST", "/__admin/simulate/inbound-message", simulate_inbound_message},
    Route{"POST", "/__admin/simulate/message-status", simulate_message_status},
    Route{"GET", "/__admin/callbacks", list_callbacks},
    Route{"GET", "/__admin/callbacks/{id}", get_callback},
    Route{"POST", "/__admin/callbacks/{id}/resend", resend_callback},
    Route{"GET", "/__admin/windows", list_windows},
    Route{"POST", "/__admin/windows/import", import_windows},
    Route{"GET", "/__admin/windows/{sender}/{user}", get_window},
    Route{"PUT", "/__admin/windows/{sender}/{user}", put_window},
    Route{"DELETE", "/__admin/windows/{sender}/{user}", delete_window},
    Route{"GET", "/__admin/senders", get_senders},
    Route{"PUT", "/__admin/senders", put_senders},
    Route{"GET", "/__admin/clock", get_clock},
    Route{"PUT", "/__admin/clock", put_clock},
    Route{"POST", "/__admin/clock/advance", advance_clock},
    Route{"GET", "/__admin/events", get_events},
};

wire::HttpReply plain(int status, std::string text) {
  wire::HttpReply reply{.status = status};
  reply.headers = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}};
  reply.body = std::move(text);
  return reply;
}

wire::HttpReply readiness(Phase phase) {
  if (phase == Phase::Ready) return plain(200, "ready\n");
  return plain(503, phase == Phase::Starting ? "starting\n" : "draining\n");
}

Task<wire::HttpReply> answer(ServerState& state, wire::HttpCall call) {
  const Result<void> admitted = admit_caller(state, call.headers);
  if (!admitted) {
    wire::HttpReply refused = control_problem(admitted.error());
    refused.status = 403;
    co_return refused;
  }
  const auto target = wire::split_target(call.target);
  const std::string_view method = call.method == "HEAD" ? "GET" : std::string_view(call.method);
  if (method == "GET" && target.path == "/livez") co_return plain(200, "ok\n");
  if (method == "GET" && target.path == "/readyz") co_return readiness(state.phase);
  if (method == "GET" && target.path == "/") co_return landing_page(state);
  auto query = wire::parse_form(target.query);
  if (!query) co_return control_problem(query.error());
  bool path_known = false;
  for (const Route& route : kRoutes) {
    auto captured = match_path(route.pattern, target.path);
    if (!captured) continue;
    path_known = true;
    if (route.method != method) continue;
    ControlCall resolved{state, call, *std::move(query), *std::move(captured)};
    Result<wire::HttpReply> reply = co_await route.endpoint(std::move(resolved));
    if (!reply) co_return control_problem(reply.error());
    co_return *std::move(reply);
  }
  const std::string what = call.method + " " + std::string(target.path);
  const Error error =
      path_known ? Error{Errc::MethodNotAllowed, what + ": another method is needed here"}
                 : Error{Errc::NotFound, what + ": no such call; docs/CONTROL_API.md lists them"};
  co_return control_problem(error);
}

}  // namespace

wire::Handler make_control_face(ServerState& state) {
  return [&state](wire::HttpCall call) { return answer(state, std::move(call)); };
}

}  // namespace twindow::api
