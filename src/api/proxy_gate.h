// SPDX-License-Identifier: Apache-2.0
// Create-message calls in proxy mode: judged, and sent on as the judgement says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twindow/api/proxy_face.h"
#include "twindow/api/server_state.h"
#include "twindow/model/decision.h"
#include "twindow/policy/send_call.h"
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/reply.h"
#include "twindow/wire/upstream.h"

namespace twindow::api {

// The account of a call that creates a message, however its path is spelled; nothing for others.
std::optional<AccountSid> account_of_create(std::string_view method, std::string_view path);

class ProxyGate {
 public:
  ProxyGate(ServerState& state, wire::Upstream upstream, ProxyParts parts)
      : state_(state), upstream_(std::move(upstream)), parts_(std::move(parts)) {}

  // `call` is as it would be forwarded. Awaited to its end.
  Task<wire::HttpReply> create(wire::UpstreamCall call, AccountSid account, wire::Format format);

 private:
  struct Caller {
    AccountSid account;
    std::string authorization;
  };
  struct Judged {
    SendRequest request;
    wire::Form form;
    Decision decision;
    LedgerEntry entry;
  };

  // Parts of `create`, which keeps what they refer to and may have been emptied by them.
  Task<wire::HttpReply> judged(wire::UpstreamCall& call, const Caller& caller, Judged& judged,
                               wire::Format format);
  Task<wire::HttpReply> refuse(gateway::World& world, Judged& judged, wire::Format format);
  Task<wire::HttpReply> send_on(wire::UpstreamCall& call, const Caller& caller, Judged& judged,
                                wire::Format format);
  Task<wire::HttpReply> forward(wire::UpstreamCall& call, wire::Format format);
  // Nothing if the caller's credentials are known good by now; else what it is answered.
  Task<std::optional<wire::HttpReply>> turned_away(const Caller& caller, wire::Format format);
  Task<wire::HttpReply> answer_known(const Caller& caller, Error error, wire::Format format);

  ServerState& state_;
  wire::Upstream upstream_;
  ProxyParts parts_;
};

}  // namespace twindow::api
