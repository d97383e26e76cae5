// SPDX-License-Identifier: Apache-2.0
// /__admin/templates: the content templates of an account in the simulator, and what WhatsApp
// thinks of them.
#include <algorithm>

#include "twindow/wire/twilio/content_answers.h"
#include "twindow/wire/twilio/content_request.h"

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

Read<std::string> text_of(const Json& json, const char* key, const std::string& within = "") {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return std::string();
  if (!found->is_string()) {
    return wrong_at(within + pointer_to({key}), std::string(key) + " must be text");
  }
  return found->get<std::string>();
}

// `within`: where it stands in the body. Only alone it may name the account too.
Read<Approval> read_approval(const Json& json, const std::string& within) {
  if (!json.is_object()) return wrong_at(within, "approval must be an object");
  for (const auto& [key, value] : json.items()) {
    const bool known = key == "whatsapp" || key == "category";
    if (known || (within.empty() && key == "AccountSid")) continue;
    return wrong_at(within + pointer_to({key}),
                    "'" + key + "': expected whatsapp and category only");
  }
  const std::string status = TWINDOW_TRY(text_of(json, "whatsapp", within));
  const auto known = parse_template_status(status);
  if (!known) {
    return wrong_at(within + "/whatsapp",
                    "whatsapp: " + (status.empty() ? "is missing" : "found \"" + status + "\"") +
                        ", expected " + std::string(kStatuses));
  }
  Approval approval{.status = *known};
  approval.category = TWINDOW_TRY(text_of(json, "category", within));
  return approval;
}

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

struct Given {
  ContentTemplate content;  // without a SID, if one is to be made
  gateway::ContentText text;
};

// Types that nobody has are a slip, and a text is its body. Else what is in a known one is not held
// against the Content API: a test needs no more of a template than what it looks at.
Read<void> check_types(const Json& json) {
  const auto types = json.find("types");
  if (types == json.end() || !types->is_object() || types->empty()) {
    return wrong_at("/types",
                    R"(types must be an object, as {"twilio/text": {"body": "Hi {{1}}"}})");
  }
  const auto known = wire::content_types();
  for (const auto& [type, fields] : types->items()) {
    if (std::ranges::find(known, type) == known.end()) {
      std::string text = "'" + type + "' is no content type; these are known:";
      for (const std::string_view each : known) text += " " + std::string(each);
      return wrong_at(pointer_to({"types", type}), std::move(text));
    }
    if (!fields.is_object()) {
      return wrong_at(pointer_to({"types", type}),
                      R"(expected an object, as {"body": "Hi {{1}}"})");
    }
    if (type == "twilio/text" && !fields.contains("body")) {
      return wrong_at(pointer_to({"types", type, "body"}), "body is required");
    }
  }
  return {};
}

// Twilio's own shape of a content, plus `approval`.
Read<Given> read_template(Json json) {
  constexpr std::string_view kNoSid = "HX00000000000000000000000000000000";
  const std::string sid = TWINDOW_TRY(text_of(json, "sid"));
  if (!sid.empty() && !parse_content_sid(sid)) {
    return wrong_at("/sid", "sid must be HX and 32 hex digits");
  }
  if (sid.empty()) json["sid"] = kNoSid;
  TWINDOW_TRY(check_types(json));
  json.emplace("language", "en");
  const std::string language = TWINDOW_TRY(text_of(json, "language"));
  if (!wire::is_content_language(language)) {
    return wrong_at("/language",
                    "'" + language + "' is no language; expected one such as en or pt_BR");
  }
  Approval approval;
  if (const auto said = json.find("approval"); said != json.end()) {
    approval = TWINDOW_TRY(read_approval(*said, "/approval"));
  }
  const Json approvals{
      {"whatsapp", {{"status", to_text(approval.status)}, {"category", approval.category}}}};
  ContentTemplate content =
      TWINDOW_TRY(at("", wire::read_content(dumped(json), dumped(approvals))));
  if (sid.empty()) content.sid.text.clear();
  gateway::ContentText text{.types = dumped(json.at("types")),
                            .variables = dumped(json.value("variables", Json::object()))};
  return Given{std::move(content), std::move(text)};
}

// That which the body names, else those of ?account=.
Read<std::vector<gateway::World*>> worlds_of(const ControlCall& call, const Json& body) {
  const std::string named = TWINDOW_TRY(text_of(body, "AccountSid"));
  if (named.empty()) return at("", worlds_to_read(call));
  gateway::World* const world = TWINDOW_TRY(at("/AccountSid", world_to_write(call, named)));
  return std::vector{world};
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
  const auto body = read_json(call);
  if (!body) co_return Unexpected(body.error());
  const auto account = text_of(*body, "AccountSid");
  if (!account) co_return problem_reply(account.error());
  auto given = read_template(*body);
  if (!given) co_return problem_reply(given.error());
  const auto named = account->empty() ? std::nullopt : std::optional<std::string>(*account);
  const auto world = world_to_write(call, named);
  if (!world) co_return control_problem(world.error(), account_pointer(named));
  const auto stored =
      co_await (*world)->put_template(std::move(given->content), std::move(given->text));
  if (!stored) co_return Unexpected(stored.error());
  const Json json = to_json((*world)->account(), *stored);
  co_return json_reply(json, 201);
}

Task<Result<wire::HttpReply>> put_approval(ControlCall call) {
  const auto body = read_json(call);
  if (!body) co_return Unexpected(body.error());
  const auto approval = read_approval(*body, "");
  if (!approval) co_return problem_reply(approval.error());
  const auto sid = parse_content_sid(call.captured.at(0));
  if (!sid) co_return fail(Errc::NotFound, call.captured.at(0) + " is no template");
  const auto worlds = worlds_of(call, *body);
  if (!worlds) co_return problem_reply(worlds.error());
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
