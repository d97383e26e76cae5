// SPDX-License-Identifier: Apache-2.0
// /__admin/templates: the content templates of an account in the simulator, and what WhatsApp
// thinks of them.
#include "twindow/wire/twilio/content_answers.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

namespace {

constexpr std::string_view kStatuses =
    "unsubmitted, received, pending, approved, rejected, paused or disabled";

Json to_json(const AccountSid& account, const ContentTemplate& content) {
  Json variables = Json::object();
  for (const Param& sample : content.samples) variables[sample.name] = sample.value;
  return {{"account_sid", account.text},
          {"sid", content.sid.text},
          {"friendly_name", content.name},
          {"language", content.language},
          {"type", content.type},
          {"body", content.body},
          {"variables", std::move(variables)},
          {"approval", {{"whatsapp", to_text(content.status)}, {"category", content.category}}}};
}

struct Approval {
  TemplateStatus status = TemplateStatus::Approved;
  std::string category = {};
};

Result<std::string> text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return std::string();
  if (!found->is_string()) return fail(Errc::BadInput, std::string(key) + " must be text");
  return found->get<std::string>();
}

Result<Approval> read_approval(const Json& json) {
  if (!json.is_object()) return fail(Errc::BadInput, "approval must be an object");
  Approval approval;
  const std::string status = TWINDOW_TRY(text_of(json, "whatsapp"));
  if (!status.empty()) {
    const auto known = parse_template_status(status);
    if (!known) {
      return fail(Errc::BadInput,
                  "whatsapp: found \"" + status + "\", expected " + std::string(kStatuses));
    }
    approval.status = *known;
  }
  approval.category = TWINDOW_TRY(text_of(json, "category"));
  return approval;
}

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// Twilio's own shape of a content, plus `approval`; without a SID one is made.
Result<ContentTemplate> read_template(Json json) {
  constexpr std::string_view kNoSid = "HX00000000000000000000000000000000";
  const std::string sid = TWINDOW_TRY(text_of(json, "sid"));
  if (!sid.empty() && !parse_content_sid(sid)) {
    return fail(Errc::BadInput, "sid must be HX and 32 hex digits");
  }
  if (sid.empty()) json["sid"] = kNoSid;
  const auto types = json.find("types");
  if (types == json.end() || !types->is_object() || types->empty()) {
    return fail(Errc::BadInput,
                R"(types must be an object, as {"twilio/text": {"body": "Hi {{1}}"}})");
  }
  Approval approval;
  if (const auto said = json.find("approval"); said != json.end()) {
    approval = TWINDOW_TRY(read_approval(*said));
  }
  const Json approvals{
      {"whatsapp", {{"status", to_text(approval.status)}, {"category", approval.category}}}};
  ContentTemplate content = TWINDOW_TRY(wire::read_content(dumped(json), dumped(approvals)));
  if (sid.empty()) content.sid.text.clear();
  return content;
}

}  // namespace

Task<Result<wire::HttpReply>> list_templates(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  Json list = Json::array();
  for (gateway::World* world : *worlds) {
    const std::vector<ContentTemplate> templates = co_await world->templates();
    for (const ContentTemplate& content : templates) {
      list.push_back(to_json(world->account(), content));
    }
  }
  const Json json{{"templates", std::move(list)}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> post_template(ControlCall call) {
  auto body = read_json(call);
  if (!body) co_return Unexpected(body.error());
  const auto named = text_of(*body, "AccountSid");
  if (!named) co_return Unexpected(named.error());
  auto content = read_template(*body);
  if (!content) co_return Unexpected(Error{Errc::BadInput, content.error().detail});
  const auto world =
      world_to_write(call, named->empty() ? std::nullopt : std::optional<std::string>(*named));
  if (!world) co_return Unexpected(world.error());
  gateway::ContentText text{.types = dumped(body->at("types")),
                            .variables = dumped(body->value("variables", Json::object()))};
  const auto stored = co_await (*world)->put_template(*std::move(content), std::move(text));
  if (!stored) co_return Unexpected(stored.error());
  const Json json = to_json((*world)->account(), *stored);
  co_return json_reply(json, 201);
}

Task<Result<wire::HttpReply>> put_approval(ControlCall call) {
  const auto body = read_json(call);
  if (!body) co_return Unexpected(body.error());
  const auto approval = read_approval(*body);
  if (!approval) co_return Unexpected(approval.error());
  const auto sid = parse_content_sid(call.captured.at(0));
  if (!sid) co_return fail(Errc::NotFound, call.captured.at(0) + " is no template");
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  for (gateway::World* world : *worlds) {
    const Result<ContentTemplate> changed =
        co_await world->set_approval(*sid, approval->status, approval->category);
    if (!changed) continue;
    const Json json = to_json(world->account(), *changed);
    co_return json_reply(json);
  }
  co_return fail(Errc::NotFound, "there is no template " + sid->text);
}

}  // namespace twindow::api
