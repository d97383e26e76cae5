// SPDX-License-Identifier: Apache-2.0
// /__admin/faults: what is done wrong on purpose.
#include "twindow/api/fault_input.h"

#include "src/api/control_call.h"
#include "src/api/fault_json.h"

namespace twindow::api {

namespace {

// With an account its world alone, made if need be; without, all there are and all that will be.
Result<std::vector<gateway::World*>> worlds_to_fault(const ControlCall& call) {
  if (!call.query.first("account")) return call.state.worlds.all();
  gateway::World* const world = TWINDOW_TRY(world_to_write(call, std::nullopt));
  return std::vector{world};
}

Task<Json> faults_json(const ControlCall& call, std::vector<gateway::World*> worlds) {
  Json accounts = Json::array();
  for (gateway::World* world : worlds) {
    Json list = Json::array();
    const auto rules = co_await world->faults();
    for (const auto& counted : rules) {
      Json rule = to_json(counted.rule);
      rule["matched"] = counted.matched;
      rule["fired"] = counted.fired;
      list.push_back(std::move(rule));
    }
    accounts.push_back({{"account_sid", world->account().text}, {"faults", std::move(list)}});
  }
  Json future = Json::array();
  for (const policy::FaultRule& rule : call.state.worlds.base_faults()) {
    future.push_back(to_json(rule));
  }
  co_return Json{{"faults", std::move(future)}, {"accounts", std::move(accounts)}};
}

Expected<std::vector<policy::FaultRule>, FaultInputError> read_body(const Json& body) {
  for (const auto& [key, value] : body.items()) {
    if (key == "faults") continue;
    return Unexpected(FaultInputError{"/" + key, "is not known here; expected faults"});
  }
  const auto list = body.find("faults");
  return read_faults(list == body.end() ? Json() : *list);
}

}  // namespace

Task<Result<wire::HttpReply>> get_faults(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  const Json json = co_await faults_json(call, *worlds);
  co_return json_reply(json);
}

std::optional<FaultMistake> mistake_in_faults(std::string_view json) {
  const Json body = Json::parse(json, nullptr, false);
  if (!body.is_object()) return FaultMistake{"", R"(expected an object, as {"faults": []})"};
  const auto rules = read_body(body);
  if (rules) return std::nullopt;
  return FaultMistake{rules.error().pointer, rules.error().detail};
}

Task<Result<wire::HttpReply>> put_faults(ControlCall call) {
  const auto body = read_json(call);
  if (!body) co_return Unexpected(body.error());
  const auto rules = read_body(*body);
  if (!rules) {
    co_return control_problem({Errc::BadInput, rules.error().detail}, rules.error().pointer);
  }
  const auto worlds = worlds_to_fault(call);
  if (!worlds) co_return Unexpected(worlds.error());
  if (!call.query.first("account")) call.state.worlds.set_base_faults(*rules);
  for (gateway::World* world : *worlds) {
    std::vector<policy::FaultRule> taken = *rules;
    [[maybe_unused]] const auto checked_before = co_await world->set_faults(std::move(taken));
  }
  const Json json = co_await faults_json(call, *worlds);
  co_return json_reply(json);
}

}  // namespace twindow::api
