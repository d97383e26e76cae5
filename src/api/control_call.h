// SPDX-License-Identifier: Apache-2.0
// A call on the control API that has found its endpoint.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "twindow/api/server_state.h"
#include "twindow/model/error.h"
#include "twindow/wire/form.h"
#include "twindow/wire/http.h"

#include "src/api/problem.h"

namespace twindow::api {

using Json = nlohmann::ordered_json;

struct ControlCall {
  ServerState& state;
  const wire::HttpCall& http;  // lives until the answer is made
  wire::Form query;
  std::vector<std::string> captured;  // what stands at the pattern's {…}
};

using ControlEndpoint = Task<Result<wire::HttpReply>> (*)(ControlCall call);

wire::HttpReply json_reply(const Json& json, int status = 200);

// What went wrong, where in the input ("/match/To", or ""), as the control API says it.
wire::HttpReply control_problem(const Error& error, std::string_view pointer = "");
wire::HttpReply problem_reply(const Problem& problem);
wire::HttpReply problem_reply(int status, std::string_view title, std::string_view detail,
                              std::string_view pointer = "");

// A body that is a JSON object, or a form: its flat fields. In JSON the one named `object` may be
// an object too, and is then its JSON text. BadInput.
Result<wire::Form> read_fields(const ControlCall& call, std::string_view object = "");
// BadInput if there is a field of another name.
Read<void> expect_only(const wire::Form& fields, std::initializer_list<std::string_view> names);
// A body that must be a JSON object, at most limits::kJsonDepthMax deep; none is `{}`. BadInput.
Result<Json> read_json(const ControlCall& call);

// A whole number of the query within its bounds, or `otherwise` if it is not given. BadInput.
Result<std::size_t> query_number(const ControlCall& call, std::string_view name,
                                 std::size_t otherwise, std::size_t most);

// The worlds a read covers: that of ?account=, none if it is unknown, or all. BadInput.
Result<std::vector<gateway::World*>> worlds_to_read(const ControlCall& call);

// The world that a write goes to: `named` or ?account=, else the only account there is, else the
// account of 32 zeros if there is none at all. BadInput, with the accounts to choose from; at
// account_pointer(named).
Result<gateway::World*> world_to_write(const ControlCall& call,
                                       const std::optional<std::string>& named);
inline std::string_view account_pointer(const std::optional<std::string>& named) {
  return named ? "/AccountSid" : "";
}

// How far the worlds have read what they have not heard; `reach` begins it. Conflict in simulate
// mode.
Task<Result<Json>> backfills_of(std::vector<gateway::World*> worlds,
                                std::optional<gateway::Backfill::Reach> reach);

// Endpoints, a file each.
Task<Result<wire::HttpReply>> get_health(ControlCall call);
Task<Result<wire::HttpReply>> get_version(ControlCall call);
Task<Result<wire::HttpReply>> get_info(ControlCall call);
Task<Result<wire::HttpReply>> get_ca_certificate(ControlCall call);
Task<Result<wire::HttpReply>> post_reset(ControlCall call);
Task<Result<wire::HttpReply>> list_control_messages(ControlCall call);
Task<Result<wire::HttpReply>> get_control_message(ControlCall call);
Task<Result<wire::HttpReply>> capture_message(ControlCall call);
Task<Result<wire::HttpReply>> wait_for_messages(ControlCall call);
Task<Result<wire::HttpReply>> count_messages(ControlCall call);
Task<Result<wire::HttpReply>> verify_messages(ControlCall call);
Task<Result<wire::HttpReply>> simulate_inbound_message(ControlCall call);
Task<Result<wire::HttpReply>> simulate_message_status(ControlCall call);
Task<Result<wire::HttpReply>> list_callbacks(ControlCall call);
Task<Result<wire::HttpReply>> get_callback(ControlCall call);
Task<Result<wire::HttpReply>> resend_callback(ControlCall call);
Task<Result<wire::HttpReply>> list_windows(ControlCall call);
Task<Result<wire::HttpReply>> get_window(ControlCall call);
Task<Result<wire::HttpReply>> put_window(ControlCall call);
Task<Result<wire::HttpReply>> delete_window(ControlCall call);
Task<Result<wire::HttpReply>> import_windows(ControlCall call);
Task<Result<wire::HttpReply>> get_backfill(ControlCall call);
Task<Result<wire::HttpReply>> post_backfill(ControlCall call);
Task<Result<wire::HttpReply>> list_decisions(ControlCall call);
Task<Result<wire::HttpReply>> explain(ControlCall call);
Task<Result<wire::HttpReply>> get_policy(ControlCall call);
Task<Result<wire::HttpReply>> put_policy(ControlCall call);
Task<Result<wire::HttpReply>> delete_policy(ControlCall call);
Task<Result<wire::HttpReply>> get_scenario(ControlCall call);
Task<Result<wire::HttpReply>> put_scenario(ControlCall call);
Task<Result<wire::HttpReply>> list_templates(ControlCall call);
Task<Result<wire::HttpReply>> post_template(ControlCall call);
Task<Result<wire::HttpReply>> put_approval(ControlCall call);
Task<Result<wire::HttpReply>> get_approval_plan(ControlCall call);
Task<Result<wire::HttpReply>> put_approval_plan(ControlCall call);
Task<Result<wire::HttpReply>> get_senders(ControlCall call);
Task<Result<wire::HttpReply>> put_senders(ControlCall call);
Task<Result<wire::HttpReply>> get_personas(ControlCall call);
Task<Result<wire::HttpReply>> put_personas(ControlCall call);
Task<Result<wire::HttpReply>> get_sandbox(ControlCall call);
Task<Result<wire::HttpReply>> get_clock(ControlCall call);
Task<Result<wire::HttpReply>> put_clock(ControlCall call);
Task<Result<wire::HttpReply>> advance_clock(ControlCall call);
Task<Result<wire::HttpReply>> list_control_alerts(ControlCall call);
Task<Result<wire::HttpReply>> get_control_alert(ControlCall call);
Task<Result<wire::HttpReply>> get_faults(ControlCall call);
Task<Result<wire::HttpReply>> put_faults(ControlCall call);
Task<Result<wire::HttpReply>> get_events(ControlCall call);

}  // namespace twindow::api
