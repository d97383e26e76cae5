// SPDX-License-Identifier: Apache-2.0
// /__admin/scenario: what an account's world was given to begin with, and another in its place.
#include "src/api/control_call.h"

namespace twindow::api {

namespace {

// ?account=, or AccountSid as in the bodies of other writes: the body is the scenario itself.
std::optional<std::string> asked_account(const ControlCall& call) {
  for (const char* name : {"account", "AccountSid"}) {
    if (const auto text = call.query.first(name)) return std::string(*text);
  }
  return std::nullopt;
}

Json errors_of(const std::vector<ServerState::PolicyMistake>& mistakes) {
  Json errors = Json::array();
  for (const auto& mistake : mistakes) {
    errors.push_back({{"title", "Invalid scenario"},
                      {"detail", mistake.place + ": " + mistake.what},
                      {"pointer", ""}});
  }
  return {{"errors", std::move(errors)}};
}

}  // namespace

Task<Result<wire::HttpReply>> get_scenario(ControlCall call) {
  std::map<AccountSid, std::string> all;
  if (call.state.scenario_texts) all = call.state.scenario_texts();
  const auto asked = asked_account(call);
  if (asked) {
    const auto account = parse_account_sid(*asked);
    std::erase_if(all, [&](const auto& each) { return !account || each.first != *account; });
  }
  if (all.empty()) {
    co_return fail(Errc::NotFound,
                   "there is no scenario: start with --scenario FILE, or PUT one here");
  }
  if (all.size() > 1) {
    std::string list;
    for (const auto& [account, text] : all) list += " " + account.text;
    co_return fail(Errc::BadInput, "which account? (?account=) one of:" + list);
  }
  wire::HttpReply reply{.status = 200};
  // As it was given, comments and all.
  reply.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  reply.body = all.begin()->second;
  co_return reply;
}

Task<Result<wire::HttpReply>> put_scenario(ControlCall call) {
  if (!call.state.set_scenario) co_return fail(Errc::NotFound, "there are no scenarios here");
  ServerState::ChooseAccount choose =
      [&call](const std::optional<AccountSid>& own) -> Result<AccountSid> {
    std::optional<std::string> named = asked_account(call);
    if (!named && own) named = own->text;
    const gateway::World* const world = TWINDOW_TRY(world_to_write(call, named));
    return world->account();
  };
  ServerState::ScenarioTaken taken =
      co_await call.state.set_scenario(call.http.body, std::move(choose));
  if (!taken.mistakes.empty()) co_return json_reply(errors_of(taken.mistakes), 422);
  if (taken.error) co_return Unexpected(*std::move(taken.error));
  gateway::World& world = call.state.worlds.open(taken.account);
  const std::vector<policy::Script::Counted> counts = co_await world.script_counts();
  Json rules = Json::array();
  for (const auto& rule : counts) rules.push_back(rule.rule);
  const Json json{
      {"account_sid", taken.account.text}, {"name", taken.name}, {"rules", std::move(rules)}};
  co_return json_reply(json);
}

}  // namespace twindow::api
