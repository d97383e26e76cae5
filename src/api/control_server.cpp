// SPDX-License-Identifier: Apache-2.0
// /__admin/health, version, info, ca.crt and reset.
#include "twindow/base/duration_text.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

namespace {

std::string_view phase_text(Phase phase) {
  if (phase == Phase::Ready) return "ok";
  return phase == Phase::Starting ? "starting" : "draining";
}

// Whole seconds: nobody reads the uptime of a server in milliseconds.
std::string uptime(const ServerState& state) {
  const auto up = std::chrono::floor<std::chrono::seconds>(state.wall.now() - state.started);
  return to_text(Duration(up));
}

}  // namespace

Task<Result<wire::HttpReply>> get_health(ControlCall call) {
  const Json json{{"status", phase_text(call.state.phase)},
                  {"mode", call.state.mode},
                  {"uptime", uptime(call.state)}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> get_version(ControlCall call) {
  const Json json{{"version", call.state.version}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> get_ca_certificate(ControlCall call) {
  auto pem = call.state.ca_certificate();
  if (!pem) co_return Unexpected(std::move(pem).error());
  wire::HttpReply reply{.status = 200};
  reply.headers = {{"Content-Type", "application/x-x509-ca-cert"},
                   {"Content-Disposition", "attachment; filename=\"twindow-ca.crt\""},
                   {"Cache-Control", "no-store"}};
  reply.body = *std::move(pem);
  co_return reply;
}

Task<Result<wire::HttpReply>> get_info(ControlCall call) {
  const ServerState& state = call.state;
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  Json accounts = Json::array();
  gateway::World::Counts sum;
  for (gateway::World* world : *worlds) {
    accounts.push_back(world->account().text);
    const gateway::World::Counts counts = co_await world->counts();
    sum.messages += counts.messages;
    sum.windows += counts.windows;
    sum.callbacks += counts.callbacks;
  }
  Json backfills;
  if (state.mode == "proxy") {
    auto told = co_await backfills_of(*worlds, std::nullopt);
    if (!told) co_return Unexpected(std::move(told).error());
    backfills = *std::move(told);
  }
  const auto deliver_to = state.live.with([](const LiveSettings& live) { return live.deliver_to; });
  Json json{{"version", state.version},
            {"mode", state.mode},
            {"listen", state.api_address},
            {"control", state.control_address},
            {"tls", state.tls_address},
            {"store", state.store},
            {"seed", state.seed},
            {"started", iso(state.started)},
            {"uptime", uptime(state)},
            {"clock", to_text(state.worlds.base_mode())},
            {"accounts", accounts},
            {"counts",
             {{"messages", sum.messages}, {"windows", sum.windows}, {"callbacks", sum.callbacks}}},
            {"deliver_to", deliver_to}};
  if (!backfills.is_null()) json["backfills"] = std::move(backfills);
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> post_reset(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  Json accounts = Json::array();
  for (gateway::World* world : *worlds) {
    Result<void> done = co_await world->reset();
    if (!done) co_return Unexpected(std::move(done).error());
    accounts.push_back(world->account().text);
  }
  if (!call.query.first("account")) call.state.worlds.set_base_faults({});
  const Json json{{"reset", accounts}};
  co_return json_reply(json);
}

}  // namespace twindow::api
