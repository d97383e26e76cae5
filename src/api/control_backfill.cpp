// SPDX-License-Identifier: Apache-2.0
// /__admin/windows/backfill: who has written while nobody listened, read from Twilio.
#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

Task<Result<Json>> backfills_of(std::vector<gateway::World*> worlds,
                                std::optional<gateway::Backfill::Reach> reach) {
  Json all = Json::array();
  for (gateway::World* world : worlds) {
    const Result<gateway::BackfillView> view = co_await world->backfill(reach);
    if (!view) co_return Unexpected(view.error());
    all.push_back(to_json(world->account(), *view));
  }
  co_return all;
}

namespace {

Task<Result<wire::HttpReply>> answer(ControlCall call,
                                     std::optional<gateway::Backfill::Reach> reach) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  auto told = co_await backfills_of(*worlds, reach);
  if (!told) co_return Unexpected(std::move(told).error());
  const Json json{{"backfills", *std::move(told)}};
  co_return json_reply(json, reach ? 202 : 200);
}

}  // namespace

Task<Result<wire::HttpReply>> get_backfill(ControlCall call) {
  return answer(std::move(call), std::nullopt);
}

// Who asks by hand misses something, so all of the day is read.
Task<Result<wire::HttpReply>> post_backfill(ControlCall call) {
  return answer(std::move(call), gateway::Backfill::Reach::WholeDay);
}

}  // namespace twindow::api
