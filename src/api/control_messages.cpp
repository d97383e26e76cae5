// SPDX-License-Identifier: Apache-2.0
// /__admin/messages: the list over all accounts, and one message.
#include <algorithm>

#include "src/api/control_call.h"
#include "src/api/control_json.h"
#include "src/api/decided_sends.h"
#include "src/api/message_query.h"

namespace twindow::api {

namespace {

constexpr std::size_t kLimit = 50;
constexpr std::size_t kLimitMax = 1000;

// The message at which the last page ended. Over all accounts the order is: newest first, of the
// same millisecond by account, within an account as it was created.
struct Cursor {
  AccountSid account;
  MessageSid sid;
  Time created;
};

Task<Result<std::optional<Cursor>>> find_cursor(const ControlCall& call,
                                                std::vector<gateway::World*> worlds) {
  const auto text = call.query.first("before");
  if (!text) co_return std::optional<Cursor>();
  const auto sid = parse_message_sid(*text);
  if (sid) {
    for (gateway::World* world : worlds) {
      const Result<Message> message = co_await world->find(*sid);
      if (message) {
        Cursor cursor{world->account(), *sid, message->created};
        co_return std::optional(std::move(cursor));
      }
    }
  }
  co_return fail(Errc::BadInput, "before: no message '" + std::string(*text) + "' is there");
}

void start_behind(const std::optional<Cursor>& cursor, const gateway::World& world,
                  MessageFilter& filter, PageRequest& page) {
  if (!cursor) return;
  if (world.account() == cursor->account) {
    page.older_than = cursor->sid;
    return;
  }
  const Time end = cursor->created + Duration(world.account() < cursor->account ? 0 : 1);
  filter.created_before = std::min(filter.created_before.value_or(end), end);
}

}  // namespace

Task<Result<wire::HttpReply>> list_control_messages(ControlCall call) {
  const auto limit = query_number(call, "limit", kLimit, kLimitMax);
  if (!limit) co_return Unexpected(limit.error());
  const auto query = parse_message_query(call.query.first("query").value_or(""));
  if (!query) co_return Unexpected(query.error());
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  if (query->asks_ledger()) {
    const auto before = read_decision_cursor(call);
    if (!before) co_return Unexpected(before.error());
    const Result<Json> decided = co_await list_decided_sends(*worlds, *query, *limit, *before);
    if (!decided) co_return Unexpected(decided.error());
    co_return json_reply(*decided);
  }
  const Result<std::optional<Cursor>> cursor = co_await find_cursor(call, *worlds);
  if (!cursor) co_return Unexpected(cursor.error());

  std::vector<Message> found;
  bool more = false;
  for (gateway::World* world : *worlds) {
    MessageFilter narrowed = query->messages;
    PageRequest page{.limit = *limit};
    start_behind(*cursor, *world, narrowed, page);
    Result<MessagePage> part = co_await world->list(std::move(narrowed), std::move(page));
    if (!part) co_return Unexpected(part.error());
    more = more || part->more_older;
    std::ranges::move(part->messages, std::back_inserter(found));
  }
  std::ranges::stable_sort(found, std::greater<>(), &Message::created);
  more = more || found.size() > *limit;
  if (found.size() > *limit) {
    found.erase(found.begin() + static_cast<std::ptrdiff_t>(*limit), found.end());
  }
  Json messages = Json::array();
  for (const Message& message : found) messages.push_back(to_json(message));
  const Json json{{"messages", messages},
                  {"next", more && !found.empty() ? Json(found.back().sid.text) : Json()}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> get_control_message(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  const auto sid = parse_message_sid(call.captured.at(0));
  if (!sid) {
    co_return fail(Errc::BadInput,
                   "'" + call.captured.at(0) + "' is no message SID (SM or MM and 32 hex digits)");
  }
  for (gateway::World* world : *worlds) {
    const Result<Message> message = co_await world->find(*sid);
    if (!message) continue;
    Json json = to_json_with_timeline(*message);
    ports::LedgerQuery about{.limit = 1, .message = *sid};
    const Result<std::vector<LedgerEntry>> decided = co_await world->decisions(std::move(about));
    if (!decided) co_return Unexpected(decided.error());
    json["decision"] = decided->empty() ? Json() : to_json(world->account(), decided->front());
    co_return json_reply(json);
  }
  co_return fail(Errc::NotFound, "no message " + sid->text + " is there");
}

}  // namespace twindow::api
