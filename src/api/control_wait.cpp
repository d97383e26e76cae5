// SPDX-License-Identifier: Apache-2.0
// /__admin/messages/wait and /count: what a test asks for instead of sleeping.
#include <algorithm>
#include <array>

#include "twindow/policy/matcher.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"
#include "src/api/match_json.h"

namespace twindow::api {

namespace {

constexpr std::int64_t kTimeoutMs = 5'000;
constexpr std::int64_t kTimeoutMsMax = 600'000;
constexpr std::int64_t kCountMax = 100'000;

struct Waited {
  policy::Matcher matcher;
  std::size_t count = 1;
  Duration timeout = Duration(kTimeoutMs);
};

Result<std::int64_t> read_number(const Json& json, const char* key, std::int64_t otherwise,
                                 std::int64_t most) {
  const auto found = json.find(key);
  if (found == json.end()) return otherwise;
  if (!found->is_number_integer() || found->get<std::int64_t>() < 0 ||
      found->get<std::int64_t>() > most) {
    return fail(Errc::BadInput,
                std::string(key) + " must be a whole number from 0 to " + std::to_string(most));
  }
  return found->get<std::int64_t>();
}

Result<Waited> read_waited(const ControlCall& call) {
  const Json json = TWINDOW_TRY(read_json(call));
  for (const auto& [key, value] : json.items()) {
    if (key != "match" && key != "count" && key != "timeoutMillis") {
      return fail(Errc::BadInput, "'" + key + "': expected match, count and timeoutMillis only");
    }
  }
  std::vector<policy::Condition> conditions;
  if (const auto match = json.find("match"); match != json.end()) {
    if (!match->is_object()) return fail(Errc::BadInput, "match must be an object");
    for (const auto& [field, value] : match->items()) {
      policy::Condition condition = TWINDOW_TRY(read_condition(field, value));
      conditions.push_back(std::move(condition));
    }
  }
  Waited waited;
  waited.matcher = TWINDOW_TRY(policy::Matcher::make(std::move(conditions)));
  const std::int64_t count = TWINDOW_TRY(read_number(json, "count", 1, kCountMax));
  waited.count = static_cast<std::size_t>(count);
  const std::int64_t timeout =
      TWINDOW_TRY(read_number(json, "timeoutMillis", kTimeoutMs, kTimeoutMsMax));
  waited.timeout = Duration(timeout);
  return waited;
}

struct Found {
  std::vector<Message> matching;
  std::optional<Message> nearest = {};
  std::vector<policy::Matcher::Difference> differences = {};
};

// Every message of the call's accounts, oldest first.
Task<Result<Found>> look(const ControlCall& call, const policy::Matcher& matcher) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  Found found;
  for (gateway::World* world : *worlds) {
    PageRequest all{.limit = SIZE_MAX};
    MessageFilter any;
    const Result<MessagePage> page = co_await world->list(std::move(any), std::move(all));
    if (!page) co_return Unexpected(page.error());
    for (auto message = page->messages.rbegin(); message != page->messages.rend(); ++message) {
      auto differences = matcher.differences(*message);
      if (differences.empty()) {
        found.matching.push_back(*message);
      } else if (!found.nearest || differences.size() <= found.differences.size()) {
        found.nearest = *message;
        found.differences = std::move(differences);
      }
    }
  }
  co_return found;
}

wire::HttpReply waited_in_vain(const Waited& waited, const Found& found) {
  Json differences = Json::array();
  for (const auto& [field, expected, actual] : found.differences) {
    differences.push_back({{"field", field}, {"expected", expected}, {"actual", actual}});
  }
  const std::string detail = "waited " + std::to_string(waited.timeout.count()) + " ms for " +
                             std::to_string(waited.count) + " matching message(s), saw " +
                             std::to_string(found.matching.size());
  const Json json{
      {"errors",
       Json::array({{{"title", "Waited in vain"}, {"detail", detail}, {"pointer", "/match"}}})},
      {"count", found.matching.size()},
      {"nearest", found.nearest ? to_json(*found.nearest) : Json()},
      {"differences", differences}};
  return json_reply(json, 406);
}

}  // namespace

Task<Result<wire::HttpReply>> wait_for_messages(ControlCall call) {
  const auto waited = read_waited(call);
  if (!waited) co_return Unexpected(waited.error());
  // Listens before it looks, so that nothing falls between the two.
  const auto news = call.state.events.subscribe();
  const Time end = call.state.wall.now() + waited->timeout;
  for (;;) {
    const Result<Found> found = co_await look(call, waited->matcher);
    if (!found) co_return Unexpected(found.error());
    if (found->matching.size() >= waited->count) {
      Json messages = Json::array();
      for (const Message& message : found->matching) messages.push_back(to_json(message));
      const Json json{{"messages", messages}};
      co_return json_reply(json);
    }
    const Duration left = end - call.state.wall.now();
    if (left <= Duration() || call.state.phase == Phase::Draining) {
      co_return waited_in_vain(*waited, *found);
    }
    co_await news->next(left);
  }
}

Task<Result<wire::HttpReply>> count_messages(ControlCall call) {
  const auto waited = read_waited(call);
  if (!waited) co_return Unexpected(waited.error());
  const Result<Found> found = co_await look(call, waited->matcher);
  if (!found) co_return Unexpected(found.error());
  const Json json{{"count", found->matching.size()}};
  co_return json_reply(json);
}

}  // namespace twindow::api
