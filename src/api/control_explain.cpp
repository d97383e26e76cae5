// SPDX-License-Identifier: Apache-2.0
// /__admin/explain: what would become of a send. Nothing is sent or kept.
#include "twindow/wire/time_text.h"
#include "twindow/wire/twilio/errors.h"
#include "twindow/wire/twilio/send_request.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"
#include "src/api/gate.h"

namespace twindow::api {

namespace {

Json to_json(const TemplateUse& use) {
  Json variables = Json::object();
  for (const Param& variable : use.variables) variables[variable.name] = variable.value;
  return {{"ContentSid", use.content.text}, {"ContentVariables", std::move(variables)}};
}

// What of the outcome is more than its name.
template <class Outcome>
void add_outcome(Json& json, const Outcome& outcome) {
  if (const auto* const reject = std::get_if<Reject>(&outcome)) {
    json["code"] = reject->code;
    json["style"] = reject->style == RejectStyle::Sync ? "sync" : "async";
  }
  if (const auto* const reroute = std::get_if<Reroute>(&outcome)) {
    json["template"] = to_json(reroute->with);
  }
  if (const auto* const hold = std::get_if<Hold>(&outcome)) {
    json["ttl_seconds"] = std::chrono::duration_cast<std::chrono::seconds>(hold->ttl).count();
    json["nudge"] = hold->nudge ? to_json(*hold->nudge) : Json();
  }
}

Json to_json(const Decision& decision, bool gated) {
  Json json{{"decision", to_text(decision.verdict)},
            {"rule", decision.rule},
            {"reason", decision.reason},
            {"kind", to_text(decision.kind)},
            {"judged_at", iso(decision.judged_at)},
            {"window", window_json(decision.window)},
            {"gate", gated ? "on" : "off"}};
  if (const auto* const observed = std::get_if<Observe>(&decision.verdict)) {
    json["would"] = to_text(static_cast<Action>(observed->would.index()));
    json["would_rule"] = observed->rule;
    add_outcome(json, observed->would);
  } else {
    add_outcome(json, decision.verdict);
  }
  return json;
}

Result<std::optional<Time>> read_at(const wire::Form& fields) {
  const auto text = fields.first("at");
  if (!text) return std::optional<Time>();
  auto at = wire::parse_time(*text);
  if (at) return at;
  return fail(Errc::BadInput,
              "at: '" + std::string(*text) + "' is no time, such as 2026-01-05T09:00:00Z");
}

// The parameter that is in question, where it is one.
std::string_view pointer_of(Errc code) {
  switch (code) {
    case Errc::ToMissing:
    case Errc::InvalidTo:
    case Errc::ToIsShortCode:
    case Errc::ChannelMismatch:
    case Errc::SameToAndFrom:
    case Errc::SameToAndFromChannel:
      return "/To";
    case Errc::FromMissing:
    case Errc::InvalidFrom:
    case Errc::FallbackWithFrom:
      return "/From";
    case Errc::ContentMissing:
    case Errc::ContentMissingService:
      return "/Body";
    case Errc::ServiceSidInvalid:
    case Errc::FallbackWithoutService:
      return "/MessagingServiceSid";
    default:
      return "";
  }
}

}  // namespace

Task<Result<wire::HttpReply>> explain(ControlCall call) {
  const auto fields = read_fields(call, "ContentVariables");
  if (!fields) co_return Unexpected(fields.error());
  const auto at = read_at(*fields);
  if (!at) co_return control_problem(at.error(), "/at");
  std::optional<std::string> named;
  if (const auto text = fields->first("AccountSid")) named = std::string(*text);
  const auto world = world_to_write(call, named);
  if (!world) co_return control_problem(world.error(), account_pointer(named));
  auto request = wire::parse_send_request((*world)->account(), *fields);
  if (!request) {
    const int code = wire::twilio_error(request.error().code).code;
    co_return control_problem(
        {Errc::BadInput, std::to_string(code) + ": " + wire::message_text(request.error())},
        pointer_of(request.error().code));
  }
  policy::SendCall judged = send_call(*std::move(request), *fields);
  const gateway::World::Decided decided = co_await (*world)->decide(std::move(judged), *at);
  const Json json = to_json(decided.decision, (*world)->gated());
  co_return json_reply(json);
}

}  // namespace twindow::api
