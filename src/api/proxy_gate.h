// SPDX-License-Identifier: Apache-2.0
// Create-message calls in proxy mode: judged, and sent on as the judgement says.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twindow/api/proxy_face.h"
#include "twindow/api/server_state.h"
#include "twindow/gateway/idempotency.h"
#include "twindow/model/decision.h"
#include "twindow/model/remote_message.h"
#include "twindow/policy/send_call.h"
#include "twindow/wire/form.h"
#include "twindow/wire/twilio/reply.h"
#include "twindow/wire/upstream.h"

#include "src/api/caller_check.h"

namespace twindow::api {

class ProxyGate {
 public:
  ProxyGate(ServerState& state, wire::Upstream upstream, ProxyParts parts)
      : state_(state),
        upstream_(std::move(upstream)),
        parts_(std::move(parts)),
        callers_(*parts_.twilio, *parts_.known) {}

  // `call` is as it would be forwarded. Awaited to its end.
  Task<wire::HttpReply> create(wire::UpstreamCall call, AccountSid account, wire::Format format);

 private:
  // A call on its way, and what is known of it by now. It lives in the coroutine that has read or
  // judged it, which awaits all that are handed a reference to it.
  struct Create {
    wire::UpstreamCall call;
    Caller caller = {};
    wire::Format format = wire::Format::Json;
    wire::Form form = {};
    gateway::Idempotency::Turn* turn = nullptr;  // to act for it; null: everybody may
  };
  struct Judged {
    policy::SendCall send;
    Decision decision = {};
    LedgerEntry entry = {};
  };
  struct Made {
    wire::HttpReply reply;
    bool lost = false;  // nobody knows whether Twilio has made a message of it
  };

  Task<wire::HttpReply> once(Create& create);
  Task<Made> act(Create& create);
  Task<Made> judge(Create& create, SendRequest request);
  Task<std::optional<Made>> look_for_lost(Create& create, Judged& judged, Time since);
  Task<Made> answer_lost(Create& create, Judged& judged, RemoteMessage found);
  Task<Made> answer_here(Create& create, Judged& judged);
  Task<Made> send_on(Create& create, Judged& judged);
  void write_call(Create& create, Judged& judged) const;
  Task<void> keep(Create& create, Judged& judged, wire::HttpReply& reply);
  Task<Made> forward(Create& create);

  ServerState& state_;
  wire::Upstream upstream_;
  ProxyParts parts_;
  CallerCheck callers_;
};

}  // namespace twindow::api
