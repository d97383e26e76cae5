// SPDX-License-Identifier: Apache-2.0
#include "src/api/local_messages.h"

#include <algorithm>
#include <utility>

#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/errors.h"
#include "twindow/wire/twilio/message_answers.h"
#include "twindow/wire/twilio/message_json.h"
#include "twindow/wire/twilio/message_list.h"
#include "twindow/wire/twilio/message_merge.h"

#include "src/api/gate.h"
#include "src/api/local_answers.h"
#include "src/api/path_pattern.h"
#include "src/api/upstream_reply.h"

namespace twindow::api {

namespace {

constexpr std::string_view kList = "/2010-04-01/Accounts/{AccountSid}/Messages";

wire::HttpReply message_answer(const Message& message, wire::Format format) {
  wire::HttpReply reply = message_reply(message, format);
  reply.status = 200;
  if (format != wire::Format::Xml) reply.body = wire::message_json(message, true);
  return reply;
}

// Twilio's empty lists of what a message of ours does not have.
wire::HttpReply no_media(const std::string& uri) {
  wire::HttpReply reply;
  reply.headers = {{"Content-Type", std::string(wire::content_type(wire::Format::Json))}};
  reply.body = R"({"first_page_uri": ")" + uri +
               R"(?PageSize=50&Page=0", "end": 0, "media_list": [], "previous_page_uri": null, )" +
               R"("uri": ")" + uri +
               R"(?PageSize=50&Page=0", "page_size": 50, "start": 0, "next_page_uri": null, )" +
               R"("page": 0})";
  return reply;
}

// The messages that a page or a record of Twilio's holds.
std::vector<RemoteMessage> messages_in(const std::string& text, bool list) {
  if (list) {
    auto page = wire::read_messages(text);
    return page ? std::move(page->messages) : std::vector<RemoteMessage>();
  }
  auto one = wire::read_message(text);
  return one ? std::vector<RemoteMessage>{*std::move(one)} : std::vector<RemoteMessage>();
}

// What a list was asked for, whichever page of it: tokens of pages are Twilio's. Nothing if Twilio
// will not have understood it either.
std::optional<MessageFilter> filter_of(std::string_view query) {
  const auto form = wire::parse_form(query);
  if (!form) return std::nullopt;
  std::vector<Param> params;
  for (const Param& param : form->params()) {
    if (param.name != "PageToken" && param.name != "Page") params.push_back(param);
  }
  auto asked = wire::parse_list_query(wire::encode_form(params));
  if (!asked) return std::nullopt;
  return std::move(asked->filter);
}

}  // namespace

std::optional<MessagesPath> messages_path(std::string_view path) {
  std::string_view bare = path;
  take_format(bare);
  if (auto list = match_path(kList, bare)) {
    auto account = parse_account_sid(list->front());
    if (!account) return std::nullopt;
    return MessagesPath{.account = *std::move(account)};
  }
  for (const std::string_view below : {"", "/{b}", "/{b}/{c}"}) {
    const std::string pattern = std::string(kList) + "/{Sid}" + std::string(below);
    auto found = match_path(pattern, bare);
    if (!found) continue;
    auto account = parse_account_sid((*found)[0]);
    auto sid = parse_message_sid((*found)[1]);
    if (!account || !sid) return std::nullopt;
    MessagesPath read{.account = *std::move(account), .message = *std::move(sid)};
    if (found->size() > 2) read.below = (*found)[2];
    if (found->size() > 3) read.below += "/" + (*found)[3];
    return read;
  }
  return std::nullopt;
}

Task<wire::UpstreamReply> LocalMessages::answer(wire::UpstreamCall call, MessagesPath path,
                                                wire::Format format) {
  gateway::World* const world = state_.worlds.find(path.account);
  const auto authorization = wire::find_header(call.headers, "Authorization");
  if (world == nullptr || !authorization) {
    co_return co_await upstream_(std::move(call));
  }
  Caller caller = callers_.caller(path.account, *authorization);
  if (path.message) {
    MessageSid asked = *path.message;
    gateway::World::Whereabouts where = co_await world->whereabouts(std::move(asked));
    if (where.here) {
      auto away = co_await callers_.turned_away(caller, format);
      if (away) co_return *std::move(away);
      co_return co_await answer_here(*world, std::move(call), std::move(path),
                                     *std::move(where.here), format);
    }
    if (where.upstream) {
      call.target =
          wire::rename_messages(std::move(call.target), {{*path.message, *where.upstream}});
    }
  }
  const auto query_at = call.target.find('?');
  std::string query =
      query_at == std::string::npos ? std::string() : call.target.substr(query_at + 1);
  const bool list = !path.message;
  const bool looks = call.method == "GET" || call.method == "POST";
  wire::UpstreamReply reply = co_await upstream_(std::move(call));
  if (!reply) co_return reply;
  callers_.learn(caller, reply->status);
  if (looks && reply->status == 200 && path.below.empty()) {
    co_await retell(*world, *reply, std::move(query), list);
  }
  co_return reply;
}

Task<wire::HttpReply> LocalMessages::answer_here(gateway::World& world, wire::UpstreamCall call,
                                                 MessagesPath path, Message message,
                                                 wire::Format format) {
  const std::string place = call.target.substr(0, call.target.find('?'));
  const Error not_there{Errc::NotFound, place};
  MessageSid sid = message.sid;
  if (!path.below.empty()) {
    const bool lists_media = call.method == "GET" && path.below == "Media";
    co_return lists_media ? no_media(place) : wire::problem(not_there, format);
  }
  if (call.method == "GET") {
    co_return message_answer(message, format);
  }
  if (call.method == "DELETE") {
    const Result<void> removed = co_await world.remove(std::move(sid));
    if (!removed) co_return wire::problem(removed.error(), format);
    co_return wire::HttpReply{.status = 204};
  }
  const auto form = wire::parse_form(call.body);
  if (!form) co_return wire::problem(form.error(), format);
  const auto status = form->first("Status");
  const bool cancels = status == "canceled";
  const bool redacts = !status && form->has("Body") && !form->first("Body");
  Result<Message> updated = fail(Errc::UpdateInvalid);
  if (cancels) {
    updated = co_await world.cancel(std::move(sid));
  } else if (redacts) {
    updated = co_await world.redact(std::move(sid));
  }
  if (!updated) co_return wire::problem(updated.error(), format);
  co_return message_answer(*updated, format);
}

// Twilio's answer, with our SIDs in it and our messages among its own. What needs neither stays as
// it came, to the byte.
Task<void> LocalMessages::retell(gateway::World& world, wire::HttpReply& reply, std::string query,
                                 bool list) {
  const bool whole = co_await collect(reply);
  if (!whole) co_return;
  const auto text = json_text(reply);
  if (!text) co_return;
  std::vector<RemoteMessage> messages = messages_in(*text, list);
  std::vector<MessageSid> sids;
  for (const RemoteMessage& message : messages) sids.push_back(message.sid);
  co_await world.learn(std::move(messages));
  const auto known = co_await world.told_as(std::move(sids));
  std::vector<std::pair<MessageSid, MessageSid>> names;
  for (const auto& alias : known) names.emplace_back(alias.upstream, alias.sid);
  std::vector<Message> ours;
  if (list) {
    ours = co_await ours_on_page(world, *text, std::move(query));
  }
  if (names.empty() && ours.empty()) co_return;
  std::string told = wire::rename_messages(*text, names);
  if (!ours.empty()) {
    if (auto merged = wire::merge_messages(told, ours)) told = *std::move(merged);
  }
  reply.body = std::move(told);
  std::erase_if(reply.headers, [](const wire::Header& header) {
    return equals_ignoring_case(header.name, "Content-Encoding");
  });
}

// Those whose time lies between the end of the page before and the end of this one.
Task<std::vector<Message>> LocalMessages::ours_on_page(gateway::World& world, std::string page,
                                                       std::string query) {
  const std::string token = wire::page_token_of(query);
  auto asked = filter_of(query);
  const auto range = wire::read_page_range(page);
  std::vector<Message> none;
  if (!asked || !range) co_return none;
  MessageFilter filter = *std::move(asked);
  filter.ours_only = true;
  if (!token.empty()) {
    filter.created_before = page_ends_.with([&](const PageEnds& ends) {
      const auto found = ends.by_token.find(token);
      return found == ends.by_token.end() ? range->newest : std::optional(found->second);
    });
    if (!filter.created_before) co_return none;
  }
  if (range->next_token && range->oldest) {
    filter.created_from = *range->oldest;
    page_ends_.with([&](PageEnds& ends) {
      if (ends.by_token.insert_or_assign(*range->next_token, *range->oldest).second) {
        ends.order.push_back(*range->next_token);
      }
      if (ends.order.size() <= limits::kPageEndsMax) return;
      ends.by_token.erase(ends.order.front());
      ends.order.pop_front();
    });
  }
  PageRequest request{.limit = limits::kMergedPerPageMax};
  const auto found = co_await world.list(std::move(filter), request);
  co_return found ? found->messages : none;
}

}  // namespace twindow::api
