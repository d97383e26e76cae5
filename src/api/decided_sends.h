// SPDX-License-Identifier: Apache-2.0
// Sends as the ledger knows them, for the list of messages: those too of which there is no message,
// since they were refused at once.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "twindow/gateway/world.h"

#include "src/api/control_call.h"
#include "src/api/message_query.h"

namespace twindow::api {

// A decision among those of all accounts: "AC…:17", as an entry's `id` has it.
struct DecisionCursor {
  AccountSid account;
  std::uint64_t place;
};
// Of ?before=. BadInput.
Result<std::optional<DecisionCursor>> read_decision_cursor(const ControlCall& call);

// The answer of GET /__admin/messages for a query that asks the ledger: newest first, at most
// `limit`, each with its `decision`. A send without a message has the same members: `sid` is null
// and `status` "rejected". `next` is the id of a decision.
Task<Result<Json>> list_decided_sends(std::vector<gateway::World*> worlds, MessageQuery query,
                                      std::size_t limit, std::optional<DecisionCursor> before);

}  // namespace twindow::api
