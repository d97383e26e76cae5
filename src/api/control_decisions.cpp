// SPDX-License-Identifier: Apache-2.0
// /__admin/decisions: the ledger.
#include <algorithm>

#include "src/api/control_call.h"
#include "src/api/control_json.h"
#include "src/api/decided_sends.h"

namespace twindow::api {

namespace {

constexpr std::size_t kLimit = 50;
constexpr std::size_t kLimitMax = 1000;

Result<ports::LedgerQuery> read_query(const ControlCall& call) {
  ports::LedgerQuery query;
  query.limit = TWINDOW_TRY(query_number(call, "limit", kLimit, kLimitMax));
  if (const auto text = call.query.first("message")) {
    query.message = parse_message_sid(*text);
    if (!query.message) {
      return fail(Errc::BadInput, "message: '" + std::string(*text) +
                                      "' is no message SID (SM or MM and 32 hex digits)");
    }
  }
  return query;
}

struct Found {
  AccountSid account;
  LedgerEntry entry;
};

// Newest first; of the same millisecond by account.
bool comes_first(const Found& a, const Found& b) {
  if (a.entry.at != b.entry.at) return a.entry.at > b.entry.at;
  if (a.account != b.account) return a.account < b.account;
  return a.entry.place > b.entry.place;
}

}  // namespace

Task<Result<wire::HttpReply>> list_decisions(ControlCall call) {
  const auto query = read_query(call);
  if (!query) co_return Unexpected(query.error());
  const auto cursor = read_decision_cursor(call);
  if (!cursor) co_return Unexpected(cursor.error());
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  std::vector<Found> found;
  for (gateway::World* world : *worlds) {
    ports::LedgerQuery here = *query;
    if (*cursor && world->account() == (*cursor)->account) here.before = (*cursor)->place;
    if (*cursor && world->account() != (*cursor)->account && worlds->size() > 1) {
      co_return fail(Errc::BadInput, "before: give ?account= with it, there are several accounts");
    }
    const Result<std::vector<LedgerEntry>> entries = co_await world->decisions(std::move(here));
    if (!entries) co_return Unexpected(entries.error());
    for (const LedgerEntry& entry : *entries) found.push_back({world->account(), entry});
  }
  // One account's are in the order of their places already, which is that of the pages: what is
  // decided first is not always kept first.
  if (worlds->size() > 1) std::ranges::sort(found, comes_first);
  if (found.size() > query->limit) found.resize(query->limit);
  Json list = Json::array();
  for (const Found& one : found) list.push_back(to_json(one.account, one.entry));
  const Json json{{"decisions", std::move(list)}};
  co_return json_reply(json);
}

}  // namespace twindow::api
