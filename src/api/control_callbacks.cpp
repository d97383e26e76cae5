// SPDX-License-Identifier: Apache-2.0
// /__admin/callbacks: every try to tell the app something.
#include <algorithm>

#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

namespace {

constexpr std::size_t kLimit = 50;
constexpr std::size_t kLimitMax = 1000;

Unexpected<Error> unknown(const std::string& id) {
  return fail(Errc::NotFound, "no callback " + id + " is there");
}

Result<std::optional<MessageSid>> read_message(const ControlCall& call) {
  const auto text = call.query.first("message");
  if (!text) return std::optional<MessageSid>();
  auto sid = parse_message_sid(*text);
  if (sid) return sid;
  return fail(Errc::BadInput, "message: '" + std::string(*text) +
                                  "' is no message SID (SM or MM and 32 hex digits)");
}

Task<Result<std::optional<WebhookRecord>>> find_cursor(const ControlCall& call,
                                                       std::vector<gateway::World*> worlds) {
  const auto id = call.query.first("before");
  if (!id) co_return std::optional<WebhookRecord>();
  for (gateway::World* world : worlds) {
    const Result<WebhookRecord> record = co_await world->callback(std::string(*id));
    if (record) co_return std::optional(*record);
  }
  co_return fail(Errc::BadInput, "before: no callback '" + std::string(*id) + "' is there");
}

// The order over all accounts is: newest first, of the same millisecond by account.
void start_behind(const WebhookRecord& cursor, const gateway::World& world,
                  gateway::World::CallbackQuery& query) {
  if (world.account() == cursor.webhook.account) {
    query.older_than = cursor.webhook.id;
  } else {
    query.before = cursor.at + Duration(world.account() < cursor.webhook.account ? 0 : 1);
  }
}

}  // namespace

Task<Result<wire::HttpReply>> list_callbacks(ControlCall call) {
  const auto limit = query_number(call, "limit", kLimit, kLimitMax);
  if (!limit) co_return Unexpected(limit.error());
  const auto message = read_message(call);
  if (!message) co_return Unexpected(message.error());
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  const Result<std::optional<WebhookRecord>> cursor = co_await find_cursor(call, *worlds);
  if (!cursor) co_return Unexpected(cursor.error());
  std::vector<WebhookRecord> found;
  for (gateway::World* world : *worlds) {
    gateway::World::CallbackQuery query{.limit = *limit + 1};
    query.message = *message;
    if (*cursor) start_behind(**cursor, *world, query);
    std::vector<WebhookRecord> part = co_await world->callbacks(std::move(query));
    std::ranges::move(part, std::back_inserter(found));
  }
  std::ranges::stable_sort(found, std::greater<>(), &WebhookRecord::at);
  const bool more = found.size() > *limit;
  if (more) found.erase(found.begin() + static_cast<std::ptrdiff_t>(*limit), found.end());
  Json callbacks = Json::array();
  for (const WebhookRecord& record : found) callbacks.push_back(to_json(record));
  const Json json{{"callbacks", callbacks},
                  {"next", more && !found.empty() ? Json(found.back().webhook.id) : Json()}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> get_callback(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  for (gateway::World* world : *worlds) {
    const Result<WebhookRecord> record = co_await world->callback(call.captured.at(0));
    if (record) co_return json_reply(to_json_with_bodies(*record));
  }
  co_return unknown(call.captured.at(0));
}

Task<Result<wire::HttpReply>> resend_callback(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  for (gateway::World* world : *worlds) {
    const Result<WebhookRecord> record = co_await world->resend(call.captured.at(0));
    if (record) co_return json_reply(to_json_with_bodies(*record));
  }
  co_return unknown(call.captured.at(0));
}

}  // namespace twindow::api
