// SPDX-License-Identifier: Apache-2.0
// /__admin/alerts: the debugger's entries.
#include <algorithm>

#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

namespace {

constexpr std::size_t kLimit = 50;
constexpr std::size_t kLimitMax = 1000;

}  // namespace

Task<Result<wire::HttpReply>> list_control_alerts(ControlCall call) {
  const auto limit = query_number(call, "limit", kLimit, kLimitMax);
  if (!limit) co_return Unexpected(limit.error());
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  std::vector<Alert> found;
  for (gateway::World* world : *worlds) {
    std::vector<Alert> part = co_await world->alerts();
    std::ranges::move(part, std::back_inserter(found));
  }
  std::ranges::stable_sort(found, std::greater<>(), &Alert::at);
  if (found.size() > *limit) found.resize(*limit);
  Json alerts = Json::array();
  for (const Alert& alert : found) alerts.push_back(to_json(alert));
  const Json json{{"alerts", std::move(alerts)}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> get_control_alert(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  for (gateway::World* world : *worlds) {
    const Result<Alert> alert = co_await world->alert(call.captured.at(0));
    if (alert) co_return json_reply(to_json_with_exchange(*alert));
  }
  co_return fail(Errc::NotFound, "no alert " + call.captured.at(0) + " is there");
}

}  // namespace twindow::api
