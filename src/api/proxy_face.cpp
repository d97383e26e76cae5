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

#include "src/api/local_answers.h"

namespace twindow::api {

namespace {

using wire::CallTarget;
using wire::NamedBy;
using wire::UpstreamFailure;
using wire::UpstreamFault;

Errc errc_of(UpstreamFault fault) {
  switch (fault) {
    case UpstreamFault::NotConnected:
      return Errc::NotReached;
    case UpstreamFault::Late:
      return Errc::TimedOut;
    case UpstreamFault::NotTrusted:
    case UpstreamFault::Broken:
    case UpstreamFault::Malformed:
      break;
  }
  return Errc::BadReply;
}

Error error_of(const UpstreamFailure& failure) {
  return {errc_of(failure.fault),
          failure.detail + (failure.may_have_arrived
                                ? "; Twilio may have got this request: look before you repeat it"
                                : "; Twilio has not got this request")};
}

// "http://127.0.0.1:4010": how the app calls us; empty if links need not lead here.
std::string own_origin(const wire::HttpCall& call, const CallTarget& target) {
  if (call.method != "GET" || target.named_by == NamedBy::Host) return {};
  if (target.path.starts_with("/2010-04-01") && !target.path.ends_with(".json")) return {};
  const auto host = wire::find_header(call.headers, "Host");
  if (!host || host->empty()) return {};
  return (call.tls ? "https://" : "http://") + std::string(*host);
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

bool is_plain_json(const wire::HttpReply& reply) {
  const auto type = wire::find_header(reply.headers, "Content-Type");
  const auto encoding = wire::find_header(reply.headers, "Content-Encoding");
  if (encoding && !equals_ignoring_case(*encoding, "identity")) return false;
  return type && equals_ignoring_case(type->substr(0, type->find(';')), "application/json");
}

// What was read of a stream, and the rest of it.
class Continued final : public wire::BodyStream {
 public:
  Continued(std::string first, std::shared_ptr<wire::BodyStream> rest)
      : first_(std::move(first)), rest_(std::move(rest)) {}

  Task<std::optional<std::string>> next() override {
    if (!first_.empty()) co_return std::exchange(first_, std::string());
    auto piece = co_await rest_->next();
    co_return piece;
  }

 private:
  std::string first_;
  std::shared_ptr<wire::BodyStream> rest_;
};

// Turns a streamed body into text, unless it is too large. False if it broke off.
Task<bool> collect(wire::HttpReply& reply) {
  auto* const stream = std::get_if<std::shared_ptr<wire::BodyStream>>(&reply.body);
  if (stream == nullptr) co_return true;
  const std::shared_ptr<wire::BodyStream> source = *stream;
  std::string text;
  bool whole = false;
  bool broke = false;
  while (!whole && !broke && text.size() <= limits::kRewriteBytesMax) {
    std::optional<std::string> piece;
    try {
      piece = co_await source->next();
    } catch (const std::exception&) {
      broke = true;
    }
    if (broke) break;
    whole = !piece;
    if (piece) text.append(*piece);
  }
  if (broke) co_return false;
  if (whole) {
    reply.body = std::move(text);
  } else {
    reply.body = std::make_shared<Continued>(std::move(text), source);
  }
  co_return true;
}

class ProxyFace {
 public:
  ProxyFace(const ServerState& state, wire::Upstream upstream)
      : state_(state), upstream_(std::move(upstream)), hooks_(make_hooks_face(state)) {}

  Task<wire::HttpReply> answer(wire::HttpCall call) {
    if (const auto foreign = wire::foreign_authority(call)) {
      co_return refuse(403, not_a_proxy_for(*foreign));
    }
    const CallTarget target = wire::locate(call);
    const NamedBy named_by = target.named_by;
    if (named_by == NamedBy::Path && is_ours(target.path)) co_return not_here(target.path);
    if (named_by == NamedBy::Path && is_hook(state_, target.path)) {
      if (!state_.hooks_address.empty()) co_return not_here(target.path);
      wire::HttpReply reply = co_await hooks_(std::move(call));
      co_return reply;
    }
    std::string_view path = target.path;
    const wire::Format format = shape_of(target.path, take_format(path));
    const std::string origin = own_origin(call, target);
    wire::UpstreamCall forwarded{.host = target.host.text(),
                                 .method = std::move(call.method),
                                 .target = wire::forwarded_target(call, target),
                                 .headers = std::move(call.headers),
                                 .body = std::move(call.body)};
    if (!origin.empty()) ask_for_plain_text(forwarded.headers);
    wire::UpstreamReply reply = co_await upstream_(std::move(forwarded));
    if (!reply) co_return wire::problem(error_of(reply.error()), format);
    if (origin.empty() || !is_plain_json(*reply)) co_return *std::move(reply);
    const bool whole = co_await collect(*reply);
    if (!whole) {
      const UpstreamFailure broke{.fault = UpstreamFault::Broken,
                                  .may_have_arrived = true,
                                  .detail = "Twilio's answer broke off"};
      co_return wire::problem(error_of(broke), format);
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
};

}  // namespace

wire::Handler make_proxy_face(const ServerState& state, wire::Upstream upstream) {
  // Shared by the copies that std::function makes of itself; one face in all.
  auto face = std::make_shared<ProxyFace>(state, std::move(upstream));
  return [face](wire::HttpCall call) { return face->answer(std::move(call)); };
}

}  // namespace twindow::api
