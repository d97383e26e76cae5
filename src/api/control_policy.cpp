// SPDX-License-Identifier: Apache-2.0
// /__admin/policy: the policy in force, and another in its place until the next reload.
#include "src/api/control_call.h"

namespace twindow::api {

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
  if (!call.state.set_policy) co_return fail(Errc::NotFound, "there is no policy to set");
  const std::vector<ServerState::PolicyMistake> mistakes =
      co_await call.state.set_policy(call.http.body);
  if (mistakes.empty()) {
    co_return co_await get_policy(std::move(call));
  }
  Json errors = Json::array();
  for (const auto& mistake : mistakes) {
    errors.push_back({{"title", "Invalid policy"},
                      {"detail", mistake.place + ": " + mistake.what},
                      {"pointer", ""}});
  }
  const Json json{{"errors", std::move(errors)}};
  co_return json_reply(json, 422);
}

}  // namespace twindow::api
