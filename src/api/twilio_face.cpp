// SPDX-License-Identifier: Apache-2.0
// From a call to its endpoint: product host, route, credentials, and the answer's dress.
#include "twindow/api/twilio_face.h"

#include <algorithm>
#include <array>
#include <atomic>

#include "twindow/wire/json_writer.h"
#include "twindow/wire/twilio/errors.h"
#include "twindow/wire/twilio/product_host.h"
#include "twindow/wire/twilio/url_rewrite.h"

#include "src/api/authentication.h"
#include "src/api/faulty_call.h"
#include "src/api/local_answers.h"
#include "src/api/path_pattern.h"
#include "src/api/resource_answers.h"
#include "src/api/twilio_call.h"

namespace twindow::api {

namespace {

// `{AccountSid}` names the account that is acted on; a path without one, as of all products but
// api, acts on the caller's own. A pattern of api has no suffix, that one names the format; the
// other products have no suffixes, and answer JSON.
struct Route {
  std::string_view product;
  std::string_view method;
  std::string_view pattern;
  TwilioEndpoint endpoint;
  bool names_account = pattern.find("{AccountSid}") != std::string_view::npos;

  // What a parent may ask of a subaccount that it has suspended.
  constexpr bool is_for_inactive() const { return pattern.ends_with("/{AccountSid}"); }
};

constexpr std::array kRoutes{
    Route{"api", "POST", "/2010-04-01/Accounts/{AccountSid}/Messages", create_message},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/Messages", list_messages},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}", fetch_message},
    Route{"api", "POST", "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}", update_message},
    Route{"api", "DELETE", "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}", delete_message},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media",
          list_media},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media/{Sid}",
          fetch_media},
    Route{"api", "DELETE", "/2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Media/{Sid}",
          delete_media},
    Route{"api", "POST", "/2010-04-01/Accounts/{AccountSid}/Messages/{MessageSid}/Feedback",
          give_feedback},
    Route{"api", "GET", "/2010-04-01/Accounts", list_accounts},
    Route{"api", "POST", "/2010-04-01/Accounts", create_account},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}", fetch_account},
    Route{"api", "POST", "/2010-04-01/Accounts/{AccountSid}", update_account},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/Balance", fetch_balance},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/Keys", list_of<wire::kKeyShape>},
    Route{"api", "POST", "/2010-04-01/Accounts/{AccountSid}/Keys", create_key},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/Keys/{Sid}", fetch_of<wire::kKeyShape>},
    Route{"api", "POST", "/2010-04-01/Accounts/{AccountSid}/Keys/{Sid}",
          update_of<wire::kKeyShape>},
    Route{"api", "DELETE", "/2010-04-01/Accounts/{AccountSid}/Keys/{Sid}",
          erase_of<wire::kKeyShape>},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers", list_numbers},
    Route{"api", "POST", "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers", create_number},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/{Sid}",
          fetch_number},
    Route{"api", "POST", "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/{Sid}",
          update_number},
    Route{"api", "DELETE", "/2010-04-01/Accounts/{AccountSid}/IncomingPhoneNumbers/{Sid}",
          erase_of<wire::kPhoneNumberShape>},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/SMS/ShortCodes",
          list_of<wire::kShortCodeShape>},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/SMS/ShortCodes/{Sid}",
          fetch_of<wire::kShortCodeShape>},
    Route{"api", "POST", "/2010-04-01/Accounts/{AccountSid}/SMS/ShortCodes/{Sid}",
          update_of<wire::kShortCodeShape>},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/Usage/Records", list_usage},
    Route{"api", "GET", "/2010-04-01/Accounts/{AccountSid}/Usage/Records/{Period}", list_usage},
    Route{"content", "GET", "/v1/Content", list_of<wire::kContentShape>},
    Route{"content", "POST", "/v1/Content", create_content},
    Route{"content", "GET", "/v1/Content/{Sid}", fetch_of<wire::kContentShape>},
    Route{"content", "DELETE", "/v1/Content/{Sid}", erase_of<wire::kContentShape>},
    Route{"content", "PUT", "/v1/Content/{Sid}", update_content},
    Route{"content", "GET", "/v1/Content/{Sid}/ApprovalRequests", fetch_approvals},
    Route{"content", "POST", "/v1/Content/{Sid}/ApprovalRequests/whatsapp", request_approval},
    Route{"content", "GET", "/v1/ContentAndApprovals", list_contents_and_approvals},
    Route{"content", "GET", "/v1/LegacyContent", list_of<wire::kLegacyContentShape>},
    Route{"content", "GET", "/v2/Content", search_contents},
    Route{"content", "GET", "/v2/ContentAndApprovals", search_contents_and_approvals},
    Route{"messaging", "GET", "/v1/Services", list_of<wire::kServiceShape>},
    Route{"messaging", "POST", "/v1/Services", create_of<wire::kServiceShape>},
    Route{"messaging", "GET", "/v1/Services/{Sid}", fetch_of<wire::kServiceShape>},
    Route{"messaging", "POST", "/v1/Services/{Sid}", update_of<wire::kServiceShape>},
    Route{"messaging", "DELETE", "/v1/Services/{Sid}", erase_of<wire::kServiceShape>},
    Route{"messaging", "GET", "/v1/Services/{ServiceSid}/PhoneNumbers",
          list_of<wire::kPoolPhoneNumberShape>},
    Route{"messaging", "POST", "/v1/Services/{ServiceSid}/PhoneNumbers",
          create_of<wire::kPoolPhoneNumberShape>},
    Route{"messaging", "GET", "/v1/Services/{ServiceSid}/PhoneNumbers/{Sid}",
          fetch_of<wire::kPoolPhoneNumberShape>},
    Route{"messaging", "DELETE", "/v1/Services/{ServiceSid}/PhoneNumbers/{Sid}",
          erase_of<wire::kPoolPhoneNumberShape>},
    Route{"messaging", "GET", "/v1/Services/{ServiceSid}/ShortCodes",
          list_of<wire::kPoolShortCodeShape>},
    Route{"messaging", "POST", "/v1/Services/{ServiceSid}/ShortCodes",
          create_of<wire::kPoolShortCodeShape>},
    Route{"messaging", "GET", "/v1/Services/{ServiceSid}/ShortCodes/{Sid}",
          fetch_of<wire::kPoolShortCodeShape>},
    Route{"messaging", "DELETE", "/v1/Services/{ServiceSid}/ShortCodes/{Sid}",
          erase_of<wire::kPoolShortCodeShape>},
    Route{"messaging", "GET", "/v1/Services/{ServiceSid}/AlphaSenders",
          list_of<wire::kPoolAlphaSenderShape>},
    Route{"messaging", "POST", "/v1/Services/{ServiceSid}/AlphaSenders",
          create_of<wire::kPoolAlphaSenderShape>},
    Route{"messaging", "GET", "/v1/Services/{ServiceSid}/AlphaSenders/{Sid}",
          fetch_of<wire::kPoolAlphaSenderShape>},
    Route{"messaging", "DELETE", "/v1/Services/{ServiceSid}/AlphaSenders/{Sid}",
          erase_of<wire::kPoolAlphaSenderShape>},
    Route{"messaging", "GET", "/v1/Services/{ServiceSid}/DestinationAlphaSenders",
          list_of<wire::kPoolDestinationAlphaSenderShape>},
    Route{"messaging", "POST", "/v1/Services/{ServiceSid}/DestinationAlphaSenders",
          create_of<wire::kPoolDestinationAlphaSenderShape>},
    Route{"messaging", "GET", "/v1/Services/{ServiceSid}/DestinationAlphaSenders/{Sid}",
          fetch_of<wire::kPoolDestinationAlphaSenderShape>},
    Route{"messaging", "DELETE", "/v1/Services/{ServiceSid}/DestinationAlphaSenders/{Sid}",
          erase_of<wire::kPoolDestinationAlphaSenderShape>},
    Route{"messaging", "GET", "/v1/Services/{ServiceSid}/ChannelSenders",
          list_of<wire::kPoolChannelSenderShape>},
    Route{"messaging", "POST", "/v1/Services/{ServiceSid}/ChannelSenders",
          create_of<wire::kPoolChannelSenderShape>},
    Route{"messaging", "GET", "/v1/Services/{ServiceSid}/ChannelSenders/{Sid}",
          fetch_of<wire::kPoolChannelSenderShape>},
    Route{"messaging", "DELETE", "/v1/Services/{ServiceSid}/ChannelSenders/{Sid}",
          erase_of<wire::kPoolChannelSenderShape>},
    Route{"messaging", "GET", "/v2/Channels/Senders", list_channel_senders},
    Route{"messaging", "POST", "/v2/Channels/Senders", create_channel_sender},
    Route{"messaging", "GET", "/v2/Channels/Senders/{Sid}", fetch_channel_sender},
    Route{"messaging", "POST", "/v2/Channels/Senders/{Sid}", update_channel_sender},
    Route{"messaging", "DELETE", "/v2/Channels/Senders/{Sid}", erase_of<wire::kChannelSenderShape>},
    Route{"lookups", "GET", "/v2/PhoneNumbers/{PhoneNumber}", look_up_number},
    Route{"lookups", "GET", "/v1/PhoneNumbers/{PhoneNumber}", look_up_number_v1},
    Route{"monitor", "GET", "/v1/Alerts", list_alerts},
    Route{"monitor", "GET", "/v1/Alerts/{Sid}", fetch_alert},
};

bool is_simulated(std::string_view product) {
  return std::ranges::find(kRoutes, product, &Route::product) != kRoutes.end();
}

// "/Services/MG…" of "/v1/Services/MG…": as the product APIs name what they have not found.
std::string_view without_version(std::string_view path) {
  const auto slash = path.find('/', 1);
  return slash == path.npos ? path : path.substr(slash);
}

class TwilioFace {
 public:
  TwilioFace(ServerState& state, wire::Handler control)
      : state_(state), control_(std::move(control)) {}

  Task<wire::HttpReply> answer(wire::HttpCall call) {
    if (const auto foreign = wire::foreign_authority(call)) {
      co_return dressed(refuse(403, not_a_proxy_for(*foreign)), anonymous_id());
    }
    const wire::CallTarget target = wire::locate(call);
    if (target.named_by == wire::NamedBy::Path &&
        (target.path == "/__admin" || target.path.starts_with("/__admin/"))) {
      wire::HttpReply controlled = co_await control_(std::move(call));
      co_return controlled;
    }
    const std::string_view full_path = target.path;
    const std::string_view product = target.host.product;
    const bool legacy = product == "api";
    if (!legacy && !is_simulated(product)) {
      const Error error{Errc::NotSimulated, target.host.text() + std::string(full_path)};
      co_return dressed(wire::problem(error, wire::Format::Json), anonymous_id());
    }
    std::string_view path = full_path;
    const wire::Format format = legacy ? take_format(path) : wire::Format::Json;
    const std::string_view method = call.method == "HEAD" ? "GET" : std::string_view(call.method);
    std::string_view matched;
    for (const Route& route : kRoutes) {
      if (route.product != product) continue;
      auto captured = match_path(route.pattern, path);
      if (!captured) continue;
      std::optional<AccountSid> named;
      if (route.names_account) {
        named = parse_account_sid(captured->front());
        if (!named) break;
      }
      matched = route.pattern;
      if (route.method != method) continue;
      Result<AccountSid> account = authenticate(state_.accounts, std::move(named), call.headers);
      if (!account) {
        co_return dressed(wire::problem(account.error(), format), anonymous_id(), matched);
      }
      if (!state_.accounts.is_active(*account) && !route.is_for_inactive()) {
        const Error inactive{Errc::AccountInactive};
        co_return dressed(wire::problem(inactive, format), anonymous_id(), matched);
      }
      if (!route.names_account) captured->insert(captured->begin(), account->text);
      gateway::World& world = state_.worlds.open(*account);
      const UnderWay under_way(state_, world);
      if (const auto refused = refusal(world, route)) {
        co_return dressed(Unexpected(*refused), format, under_way, matched);
      }
      TwilioCall resolved{.state = state_,
                          .world = world,
                          .http = call,
                          .path = legacy ? full_path : without_version(full_path),
                          .query = target.query,
                          .captured = *std::move(captured),
                          .format = format};
      Result<TwilioAnswer> answered = fail(Errc::Internal);
      if (world.faulty()) {
        answered = co_await answer_faultily(route.endpoint, std::move(resolved));
      } else {
        answered = co_await route.endpoint(std::move(resolved));
      }
      if (legacy || target.named_by == wire::NamedBy::Host) {
        co_return dressed(std::move(answered), format, under_way, matched);
      }
      wire::HttpReply reply = dressed(std::move(answered), format, under_way, matched);
      lead_back(reply, call, target);
      co_return reply;
    }
    const Error error = matched.empty() ? not_simulated(target) : Error{Errc::MethodNotAllowed};
    co_return dressed(wire::problem(error, shape_of(full_path, format)), anonymous_id(), matched);
  }

 private:
  // Links are written with the product's host; an app that did not come by that one is led back to
  // where it came.
  static void lead_back(wire::HttpReply& reply, const wire::HttpCall& call,
                        const wire::CallTarget& target) {
    auto* const text = std::get_if<std::string>(&reply.body);
    const std::string origin = own_origin(call, target);
    if (text == nullptr || origin.empty()) return;
    auto rewritten = wire::rewrite_links(*text, origin, target.named_by);
    if (rewritten) *text = *std::move(rewritten);
  }

  // An endpoint at work on a call, from before to after.
  class UnderWay {
   public:
    UnderWay(const ServerState& state, gateway::World& world)
        : wall_(state.wall), world_(world), guard_(world) {
      // With a clock that is moved by hand no wall time enters an answer.
      if (state.worlds.base_mode() == gateway::ClockMode::Real) began_ = wall_.now();
    }

    wire::ReplyContext context(std::string request_id) const {
      if (request_id.empty()) request_id = world_.next_request_id();
      return {.request_id = std::move(request_id),
              .took = began_ ? wall_.now() - *began_ : Duration(),
              .concurrent = static_cast<int>(world_.calls_under_way())};
    }

   private:
    const Clock& wall_;
    gateway::World& world_;
    gateway::World::CallGuard guard_;
    std::optional<Time> began_;
  };

  // What stands before every endpoint: too many calls at once, and what test credentials may call.
  std::optional<Error> refusal(const gateway::World& world, const Route& route) const {
    const std::size_t most = state_.concurrent_calls_max;
    if (most > 0 && world.calls_under_way() > most) return Error{Errc::TooManyRequests};
    if (world.test() && route.endpoint != create_message) return Error{Errc::TestCredentials};
    return std::nullopt;
  }

  static wire::HttpReply dressed(Result<TwilioAnswer> answer, wire::Format format,
                                 const UnderWay& under_way, std::string_view route) {
    if (!answer) {
      return dressed(wire::problem(answer.error(), format), under_way.context({}), route);
    }
    wire::HttpReply reply{.status = answer->status, .headers = {}, .body = std::move(answer->body)};
    reply.subject = std::move(answer->subject);
    reply.ending = answer->ending;
    reply.own_headers.reserve(160);
    if (answer->typed && answer->status != 204) {
      reply.own_headers.append("Content-Type: ").append(wire::content_type(format)).append("\r\n");
    }
    reply.own_headers += answer->headers;
    return dressed(std::move(reply), under_way.context(std::move(answer->request_id)), route);
  }

  Error not_simulated(const wire::CallTarget& target) const {
    const std::string path(target.path);
    if (target.host.product != "api") return {Errc::NotSimulated, target.host.text() + path};
    if (path != "/") return {Errc::NotSimulated, path};
    return {Errc::NotFound, "/ (" + who_we_are(state_) + ")"};
  }

  wire::ReplyContext anonymous_id() {
    SidSource ids = anonymous_ids_;
    ids.resume_at(anonymous_calls_++);
    return {.request_id = ids.next("RQ"), .took = {}, .concurrent = 1};
  }

  static wire::HttpReply dressed(wire::HttpReply reply, const wire::ReplyContext& context,
                                 std::string_view route = {}) {
    wire::add_twilio_headers(reply, context);
    reply.route = route;
    return reply;
  }

  ServerState& state_;
  wire::Handler control_;
  const SidSource anonymous_ids_{state_.seed, AccountSid{"anonymous calls"}};
  std::atomic<std::uint64_t> anonymous_calls_ = 0;
};

}  // namespace

wire::Handler make_twilio_face(ServerState& state, wire::Handler control) {
  // Shared by the copies that std::function makes of itself; one face in all.
  auto face = std::make_shared<TwilioFace>(state, std::move(control));
  return [face](wire::HttpCall&& call) { return face->answer(std::move(call)); };
}

std::vector<std::string_view> twilio_routes() {
  std::vector<std::string_view> patterns;
  for (const Route& route : kRoutes) patterns.push_back(route.pattern);
  return patterns;
}

wire::HttpReply refuse(int http_status, std::string_view detail) {
  int code = http_status >= 500 ? 20500 : 20001;
  if (http_status == 403) code = 20403;
  if (http_status == 404) code = 20404;
  if (http_status == 405) code = 20004;
  if (http_status == 413) code = 20413;
  if (http_status == 503) code = 20503;
  if (http_status == 504) code = 20504;
  wire::HttpReply reply{.status = http_status};
  std::string body;
  wire::JsonWriter(body, wire::Spacing::Spaced)
      .begin_object()
      .field("code", code)
      .field("message", detail)
      .field("more_info", "https://www.twilio.com/docs/errors/" + std::to_string(code))
      .field("status", http_status)
      .end_object();
  reply.body = std::move(body);
  reply.headers = {{"Content-Type", "application/json"}};
  return reply;
}

}  // namespace twindow::api
