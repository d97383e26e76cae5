// SPDX-License-Identifier: Apache-2.0
// /__admin/templates/approvals: how WhatsApp decides on templates that are submitted.
#include <array>

#include "twindow/base/duration_text.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

namespace {

using Plan = gateway::World::ApprovalPlan;
using Rule = gateway::World::ApprovalRule;

Json plan_json(const AccountSid& account, const Plan& plan) {
  Json rules = Json::array();
  for (const Rule& rule : plan.rules) {
    rules.push_back(
        {{"name", rule.name}, {"status", to_text(rule.status)}, {"reason", rule.reason}});
  }
  return {{"account_sid", account.text},
          {"pending_after", to_text(plan.pending_after)},
          {"decided_after", to_text(plan.decided_after)},
          {"rules", std::move(rules)}};
}

Result<Duration> duration_in(const Json& json, const char* key, Duration fallback) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return fallback;
  const auto duration =
      found->is_string() ? parse_duration(found->get<std::string>()) : std::nullopt;
  if (!duration) return fail(Errc::BadInput, std::string(key) + R"(: expected text such as "10s")");
  return *duration;
}

Result<Rule> read_rule(const Json& json) {
  const auto text = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  if (!json.is_object() || text("name").empty()) {
    return fail(Errc::BadInput, R"(a rule is {"name": "promo_*", "status": "rejected"})");
  }
  const auto status = parse_template_status(text("status"));
  constexpr std::array kOutcomes{TemplateStatus::Approved, TemplateStatus::Rejected,
                                 TemplateStatus::Paused, TemplateStatus::Disabled,
                                 TemplateStatus::Pending};
  if (!status || std::ranges::find(kOutcomes, *status) == kOutcomes.end()) {
    return fail(Errc::BadInput, "status: found \"" + text("status") +
                                    "\", expected approved, rejected, paused, disabled or pending");
  }
  return Rule{.name = text("name"), .status = *status, .reason = text("reason")};
}

}  // namespace

Task<Result<wire::HttpReply>> get_approval_plan(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  Json accounts = Json::array();
  for (gateway::World* world : *worlds) {
    const Plan plan = co_await world->approval_plan();
    accounts.push_back(plan_json(world->account(), plan));
  }
  const Json json{{"accounts", std::move(accounts)}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> put_approval_plan(ControlCall call) {
  const auto body = read_json(call);
  if (!body) co_return Unexpected(body.error());
  Plan plan;
  const auto pending = duration_in(*body, "pending_after", plan.pending_after);
  if (!pending) co_return control_problem(pending.error(), "/pending_after");
  const auto decided = duration_in(*body, "decided_after", plan.decided_after);
  if (!decided) co_return control_problem(decided.error(), "/decided_after");
  plan.pending_after = std::min(*pending, *decided);
  plan.decided_after = *decided;
  const auto rules = body->find("rules");
  if (rules != body->end() && !rules->is_array()) {
    co_return control_problem({Errc::BadInput, "rules must be a list"}, "/rules");
  }
  if (rules != body->end()) {
    for (const Json& each : *rules) {
      auto rule = read_rule(each);
      if (!rule) {
        co_return control_problem(rule.error(), "/rules/" + std::to_string(plan.rules.size()));
      }
      plan.rules.push_back(*std::move(rule));
    }
  }
  const auto world = world_to_write(call, std::nullopt);
  if (!world) co_return Unexpected(world.error());
  Json json{{"accounts", Json::array({plan_json((*world)->account(), plan)})}};
  co_await (*world)->set_approval_plan(std::move(plan));
  co_return json_reply(json);
}

}  // namespace twindow::api
