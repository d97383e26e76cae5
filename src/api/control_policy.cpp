// SPDX-License-Identifier: Apache-2.0
// /__admin/policy: the policy in force, another in its place until the next reload, and the return
// to what was in force at the start.
#include "src/api/control_call.h"

namespace twindow::api {

namespace {

// A policy is the server's: who names an account would change it for all the others too.
Result<void> expect_no_account(const ControlCall& call) {
  if (!call.query.first("account")) return {};
  return fail(Errc::BadInput,
              "account: the policy is that of all accounts and is changed for all of them; ask "
              "without ?account= (a rule's match can narrow it, by From and To)");
}

wire::HttpReply mistakes_reply(const std::vector<ServerState::PolicyMistake>& mistakes) {
  Json errors = Json::array();
  for (const auto& mistake : mistakes) {
    errors.push_back({{"title", "Invalid policy"},
                      {"detail", mistake.place + ": " + mistake.what},
                      {"pointer", ""}});
  }
  const Json json{{"errors", std::move(errors)}};
  return json_reply(json, 422);
}

}  // namespace

Task<Result<wire::HttpReply>> get_policy(ControlCall call) {
  const auto text = call.state.policy_text ? call.state.policy_text() : std::nullopt;
  if (!text) {
    co_return fail(Errc::NotFound,
                   "no policy is in force: start with --policy FILE, or PUT one here");
  }
  wire::HttpReply reply{.status = 200};
  // As it was given, comments and all.
  reply.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  reply.body = *text;
  co_return reply;
}

Task<Result<wire::HttpReply>> put_policy(ControlCall call) {
  const Result<void> for_all = expect_no_account(call);
  if (!for_all) co_return Unexpected(for_all.error());
  if (!call.state.set_policy) co_return fail(Errc::NotFound, "there is no policy to set");
  if (call.http.body.empty()) {
    co_return fail(Errc::BadInput, "the body must be the policy; DELETE takes one away");
  }
  const std::vector<ServerState::PolicyMistake> mistakes =
      co_await call.state.set_policy(call.http.body);
  if (!mistakes.empty()) co_return mistakes_reply(mistakes);
  co_return co_await get_policy(std::move(call));
}

Task<Result<wire::HttpReply>> delete_policy(ControlCall call) {
  const Result<void> for_all = expect_no_account(call);
  if (!for_all) co_return Unexpected(for_all.error());
  if (!call.state.restore_policy) {
    co_return fail(Errc::NotFound, "there is no policy to take away");
  }
  const std::vector<ServerState::PolicyMistake> mistakes = co_await call.state.restore_policy();
  if (!mistakes.empty()) co_return mistakes_reply(mistakes);
  co_return wire::HttpReply{.status = 204};
}

}  // namespace twindow::api
