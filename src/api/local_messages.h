// SPDX-License-Identifier: Apache-2.0
// The Messages resource in proxy mode: Twilio's, with the messages that only the gateway has, and
// with the SIDs that the app was given.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "twindow/api/proxy_face.h"
#include "twindow/api/server_state.h"
#include "twindow/base/guarded.h"
#include "twindow/wire/twilio/reply.h"
#include "twindow/wire/upstream.h"

#include "src/api/caller_check.h"

namespace twindow::api {

// A path at or below /2010-04-01/Accounts/{AccountSid}/Messages.
struct MessagesPath {
  AccountSid account;
  std::optional<MessageSid> message = {};  // none: the list
  std::string below = {};                  // "Media", "Feedback", "Media/ME…": what of it
};
std::optional<MessagesPath> messages_path(std::string_view path);

// Calls of accounts that have a world; every other is Twilio's.
class LocalMessages {
 public:
  LocalMessages(ServerState& state, wire::Upstream upstream, CallerCheck callers)
      : state_(state), upstream_(std::move(upstream)), callers_(callers) {}

  // `call` is as it would be forwarded, and no create.
  Task<wire::UpstreamReply> answer(wire::UpstreamCall call, MessagesPath path, wire::Format format);

 private:
  Task<wire::HttpReply> answer_here(gateway::World& world, wire::UpstreamCall call,
                                    MessagesPath path, Message message, wire::Format format);
  Task<void> retell(gateway::World& world, wire::HttpReply& reply, std::string query, bool list);
  Task<std::vector<Message>> ours_on_page(gateway::World& world, std::string page,
                                          std::string query);

  ServerState& state_;
  wire::Upstream upstream_;
  CallerCheck callers_;
  // Where the pages end whose links we have seen: those behind them begin there.
  struct PageEnds {
    std::map<std::string, Time> by_token = {};
    std::deque<std::string> order = {};
  };
  Guarded<PageEnds> page_ends_;
};

}  // namespace twindow::api
