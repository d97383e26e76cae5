// SPDX-License-Identifier: Apache-2.0
#include "twindow/api/proxy_face.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "twindow/api/hooks_face.h"
#include "twindow/api/twilio_face.h"
#include "twindow/base/ascii.h"
#include "twindow/base/limits.h"
#include "twindow/wire/twilio/errors.h"
#include "twindow/wire/twilio/product_host.h"
#include "twindow/wire/twilio/url_rewrite.h"

#include "src/api/create_path.h"
#include "src/api/local_answers.h"
#include "src/api/local_messages.h"
#include "src/api/proxy_gate.h"
#include "src/api/upstream_reply.h"

namespace twindow::api {

namespace {

using wire::CallTarget;
using wire::UpstreamFailure;
using wire::UpstreamFault;

// Where links lead: nowhere, if they need not be rewritten.
std::string origin_of_links(const wire::HttpCall& call, const CallTarget& target) {
  if (call.method != "GET") return {};
  if (target.path.starts_with("/2010-04-01") && !target.path.ends_with(".json")) return {};
  return own_origin(call, target);
}

void ask_for_plain_text(wire::Headers& headers) {
  bool asked = false;
  for (wire::Header& header : headers) {
    if (!equals_ignoring_case(header.name, "Accept-Encoding")) continue;
    header.value = "identity";
    asked = true;
  }
  if (!asked) headers.push_back({"Accept-Encoding", "identity"});
}

class ProxyFace {
 public:
  ProxyFace(ServerState& state, wire::Upstream upstream, ProxyParts parts)
      : state_(state), upstream_(std::move(upstream)), hooks_(make_hooks_face(state)) {
    if (parts.twilio == nullptr) return;
    local_.emplace(state, upstream_, CallerCheck(*parts.twilio, *parts.known));
    gate_.emplace(state, upstream_, std::move(parts));
  }

  Task<wire::HttpReply> answer(wire::HttpCall call) {
    if (const auto foreign = wire::foreign_authority(call)) {
      co_return refuse(403, not_a_proxy_for(*foreign));
    }
    const CallTarget target = wire::locate(call);
    const wire::NamedBy named_by = target.named_by;
    if (named_by == wire::NamedBy::Path && is_ours(target.path)) co_return not_here(target.path);
    if (named_by == wire::NamedBy::Path && is_hook(state_, target.path)) {
      if (!state_.hooks_address.empty()) co_return not_here(target.path);
      wire::HttpReply reply = co_await hooks_(std::move(call));
      co_return reply;
    }
    std::string_view path = target.path;
    const wire::Format format = shape_of(target.path, take_format(path));
    const std::string origin = origin_of_links(call, target);
    wire::UpstreamCall forwarded{.host = target.host.text(),
                                 .method = std::move(call.method),
                                 .target = wire::forwarded_target(call, target),
                                 .headers = std::move(call.headers),
                                 .body = std::move(call.body)};
    if (gate_ && target.host.product == "api") {
      if (auto account = account_of_create(forwarded.method, target.path)) {
        co_return co_await gate_->create(std::move(forwarded), *std::move(account), format);
      }
    }
    if (!origin.empty()) ask_for_plain_text(forwarded.headers);
    auto messages = local_ && target.host.product == "api" ? messages_path(target.path)
                                                           : std::optional<MessagesPath>();
    Task<wire::UpstreamReply> answered =
        messages ? local_->answer(std::move(forwarded), *std::move(messages), format)
                 : upstream_(std::move(forwarded));
    wire::UpstreamReply reply = co_await std::move(answered);
    if (!reply) co_return no_answer(reply.error(), format);
    if (origin.empty() || !is_plain_json(*reply)) co_return *std::move(reply);
    const bool whole = co_await collect(*reply);
    if (!whole) {
      const UpstreamFailure broke{.fault = UpstreamFault::Broken,
                                  .may_have_arrived = true,
                                  .detail = "Twilio's answer broke off"};
      co_return no_answer(broke, format);
    }
    if (auto* const text = std::get_if<std::string>(&reply->body)) {
      if (auto rewritten = wire::rewrite_links(*text, origin, named_by)) {
        *text = *std::move(rewritten);
      }
    }
    co_return *std::move(reply);
  }

 private:
  static bool is_ours(std::string_view path) {
    return path == "/" || path == "/__admin" || path.starts_with("/__admin/");
  }

  wire::HttpReply not_here(std::string_view path) const {
    const Error error{Errc::NotFound, std::string(path) + " (" + who_we_are(state_) + ")"};
    return wire::problem(error, wire::Format::Json);
  }

  const ServerState& state_;
  wire::Upstream upstream_;
  wire::Handler hooks_;
  std::optional<ProxyGate> gate_;
  std::optional<LocalMessages> local_;
};

}  // namespace

wire::Handler make_proxy_face(ServerState& state, wire::Upstream upstream, ProxyParts parts) {
  // Shared by the copies that std::function makes of itself; one face in all.
  auto face = std::make_shared<ProxyFace>(state, std::move(upstream), std::move(parts));
  return [face](wire::HttpCall&& call) { return face->answer(std::move(call)); };
}

}  // namespace twindow::api
