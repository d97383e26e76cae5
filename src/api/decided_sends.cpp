// SPDX-License-Identifier: Apache-2.0
#include "src/api/decided_sends.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "src/api/control_json.h"

namespace twindow::api {

namespace {

constexpr std::size_t kPage = 256;

struct Found {
  AccountSid account;
  LedgerEntry entry;
  std::optional<Message> message = {};
};

// Newest first; of the same millisecond by account.
bool comes_first(const Found& a, const Found& b) {
  if (a.entry.at != b.entry.at) return a.entry.at > b.entry.at;
  if (a.account != b.account) return a.account < b.account;
  return a.entry.place > b.entry.place;
}

// What can be said of a send that was refused at once, for the filter and for the list.
Message as_message(const AccountSid& account, const LedgerEntry& entry) {
  Message message;
  message.account = account;
  message.service = parse_service_sid(entry.from);
  if (auto from = parse_from(entry.from)) {
    message.sender = *from;
    message.from = *std::move(from);
  }
  message.to.text = entry.to;
  if (auto to = parse_to(entry.to)) message.to = *std::move(to);
  message.content = entry.content;
  message.status = MessageStatus::Failed;
  message.error_code = entry.code;
  message.created = message.updated = entry.at;
  message.kind = entry.kind;
  message.window = entry.window;
  return message;
}

Json listed(const Found& found) {
  Json json = to_json(found.message ? *found.message : as_message(found.account, found.entry));
  if (!found.message) {
    json["sid"] = nullptr;
    json["status"] = "rejected";
  }
  json["decision"] = to_json(found.account, found.entry);
  return json;
}

bool decided_so(const MessageQuery& query, const LedgerEntry& entry) {
  return (!query.decision || entry.action == *query.decision) &&
         (!query.campaign || entry.campaign == *query.campaign);
}

// A send that was refused has come to no status of a message.
bool fits(const MessageFilter& filter, const Found& found) {
  if (found.message) return filter.matches(*found.message);
  return !filter.status && filter.matches(as_message(found.account, found.entry));
}

// The next of one account, at most `limit`.
Task<Result<std::vector<Found>>> find_in(gateway::World& world, const MessageQuery& query,
                                         std::size_t limit, std::optional<Found> behind) {
  std::vector<Found> found;
  ports::LedgerQuery page{.limit = kPage};
  if (behind && behind->account == world.account()) page.before = behind->entry.place;
  bool more = true;
  while (more && found.size() < limit) {
    ports::LedgerQuery asked = page;
    Result<std::vector<LedgerEntry>> entries = co_await world.decisions(std::move(asked));
    if (!entries) co_return Unexpected(std::move(entries).error());
    more = entries->size() == kPage;
    if (more) page.before = entries->back().place;
    for (LedgerEntry& entry : *entries) {
      if (found.size() == limit || !decided_so(query, entry)) continue;
      Found one{world.account(), std::move(entry)};
      if (behind && !comes_first(*behind, one)) continue;
      if (one.entry.message) {
        Result<Message> message = co_await world.find(*one.entry.message);
        if (!message) continue;  // older than what is kept
        one.message = *std::move(message);
      }
      if (fits(query.messages, one)) found.push_back(std::move(one));
    }
  }
  co_return found;
}

// The entry that a cursor names: the list goes on behind it.
Task<Result<Found>> find_cursor(std::vector<gateway::World*> worlds, DecisionCursor cursor) {
  const auto world = std::ranges::find(worlds, cursor.account,
                                       [](gateway::World* each) { return each->account(); });
  if (world != worlds.end()) {
    ports::LedgerQuery query{.limit = 1, .before = cursor.place + 1};
    const Result<std::vector<LedgerEntry>> entries = co_await (*world)->decisions(std::move(query));
    if (!entries) co_return Unexpected(entries.error());
    const bool there = !entries->empty() && entries->front().place == cursor.place;
    if (there) co_return Found{cursor.account, entries->front()};
  }
  co_return fail(Errc::BadInput, "before: no decision '" + cursor.account.text + ":" +
                                     std::to_string(cursor.place) + "' is there");
}

}  // namespace

Result<std::optional<DecisionCursor>> read_decision_cursor(const ControlCall& call) {
  const auto text = call.query.first("before");
  if (!text) return std::optional<DecisionCursor>();
  const auto colon = text->find(':');
  const auto account = parse_account_sid(text->substr(0, colon));
  std::uint64_t place = 0;
  const std::string_view digits =
      colon == std::string_view::npos ? std::string_view() : text->substr(colon + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), place);
  if (!account || error != std::errc{} || end != digits.data() + digits.size()) {
    return fail(Errc::BadInput,
                "before: '" + std::string(*text) + "' is no id of a decision, such as AC…:17");
  }
  return std::optional(DecisionCursor{*account, place});
}

Task<Result<Json>> list_decided_sends(std::vector<gateway::World*> worlds, MessageQuery query,
                                      std::size_t limit, std::optional<DecisionCursor> before) {
  std::optional<Found> behind;
  if (before) {
    Result<Found> cursor = co_await find_cursor(worlds, *std::move(before));
    if (!cursor) co_return Unexpected(std::move(cursor).error());
    behind = *std::move(cursor);
  }
  std::vector<Found> found;
  for (gateway::World* world : worlds) {
    Result<std::vector<Found>> part = co_await find_in(*world, query, limit + 1, behind);
    if (!part) co_return Unexpected(std::move(part).error());
    std::ranges::move(*part, std::back_inserter(found));
  }
  std::ranges::sort(found, comes_first);
  const bool more = found.size() > limit;
  if (more) found.erase(found.begin() + static_cast<std::ptrdiff_t>(limit), found.end());
  Json messages = Json::array();
  for (const Found& one : found) messages.push_back(listed(one));
  Json next;
  if (more && !found.empty()) next = messages.back()["decision"]["id"];
  Json json{{"messages", std::move(messages)}, {"next", std::move(next)}};
  co_return json;
}

}  // namespace twindow::api
