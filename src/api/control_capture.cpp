// SPDX-License-Identifier: Apache-2.0
// /__admin/messages/{sid}/capture: a message as a scenario file. What is known of it is put
// together here; the file is written by who knows scenarios (ServerState::capture).
#include <algorithm>

#include "twindow/base/ascii.h"
#include "twindow/wire/form.h"
#include "twindow/wire/time_text.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

namespace {

constexpr std::size_t kCallbacksMax = 1000;
constexpr std::uint32_t kPlaceMax = 4'000'000'000;

// The parameters of the create that made it, as far as they are kept.
Json params_of_send(const Message& message) {
  Json send = Json::object();
  const auto put = [&](const char* name, const std::string& value) {
    if (!value.empty()) send[name] = value;
  };
  if (message.content) {
    put("ContentSid", message.content->text);
    put("ContentVariables", message.content_variables);
  } else {
    put("Body", message.body);
    for (const MediaItem& item : message.media) send["MediaUrl"].push_back(item.url);
  }
  for (const std::string& action : message.options->persistent_action) {
    send["PersistentAction"].push_back(action);
  }
  if (message.options->send_at) {
    send["ScheduleType"] = "fixed";
    send["SendAt"] = wire::to_iso8601(*message.options->send_at);
  }
  if (message.options->validity) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(*message.options->validity);
    send["ValidityPeriod"] = std::to_string(seconds.count());
  }
  put("StatusCallback", message.status_callback.value_or(""));
  return send;
}

// Of a user's message: what the app was told.
Json params_of_inbound(const Message& message, const Json& callbacks) {
  Json fields{{"Body", message.body}};
  for (const Json& callback : callbacks) {
    if (callback.at("type") != "inbound") continue;
    const auto form = wire::parse_form(callback.at("request").at("body").get<std::string>());
    if (!form) continue;
    for (const Param& param : form->params()) fields[param.name] = param.value;
    break;
  }
  return fields;
}

Json sender_json(const std::vector<Sender>& senders, const std::string& address) {
  const auto found = std::ranges::find_if(
      senders, [&](const Sender& sender) { return sender.address.text == address; });
  if (found == senders.end()) return {};
  Json json{{"address", found->address.text}};
  if (found->inbound_url) json["inbound_url"] = *found->inbound_url;
  if (found->status_callback) json["status_callback"] = *found->status_callback;
  if (found->service) json["service"] = found->service->text;
  return json;
}

Json template_json(const std::vector<ContentTemplate>& templates,
                   const std::optional<ContentSid>& sid) {
  const auto found = std::ranges::find_if(
      templates, [&](const ContentTemplate& content) { return sid && content.sid == *sid; });
  if (found == templates.end()) return {};
  Json variables = Json::object();
  for (const Param& sample : found->samples) variables[sample.name] = sample.value;
  return {{"sid", found->sid.text},
          {"friendly_name", found->name},
          {"language", found->language},
          {"type", found->type},
          {"body", found->body},
          {"variables", std::move(variables)},
          {"approval", {{"whatsapp", to_text(found->status)}, {"category", found->category}}}};
}

Task<Json> callbacks_of(gateway::World* world, MessageSid sid) {
  gateway::World::CallbackQuery query{.limit = kCallbacksMax};
  query.message = std::move(sid);
  std::vector<WebhookRecord> records = co_await world->callbacks(std::move(query));
  std::ranges::reverse(records);  // the oldest first
  Json list = Json::array();
  for (const WebhookRecord& record : records) list.push_back(to_json_with_bodies(record));
  co_return list;
}

Task<Result<Json>> material_of_message(const ControlCall& call, gateway::World* world,
                                       MessageSid sid) {
  const Result<Message> message = co_await world->find(sid);
  if (!message) co_return Unexpected(message.error());
  ports::LedgerQuery about{.limit = 1, .message = sid};
  const Result<std::vector<LedgerEntry>> decided = co_await world->decisions(std::move(about));
  if (!decided) co_return Unexpected(decided.error());
  const std::vector<Sender> senders = co_await world->senders();
  const std::vector<ContentTemplate> templates = co_await world->templates();
  Json callbacks = co_await callbacks_of(world, sid);
  const bool inbound = message->direction == Direction::Inbound;
  Json json{{"mode", call.state.mode}, {"message", to_json_with_timeline(*message)}};
  json["send"] = inbound ? params_of_inbound(*message, callbacks) : params_of_send(*message);
  json["decision"] = decided->empty() ? Json() : to_json(world->account(), decided->front());
  json["sender"] = sender_json(senders, inbound ? message->to.text : message->sender.text);
  if (json["sender"].is_null() && !inbound) json["sender"] = {{"address", message->sender.text}};
  json["template"] = template_json(templates, message->content);
  json["callbacks"] = std::move(callbacks);
  co_return json;
}

// A send that was refused at once is known by its decision only: "AC…:17".
struct DecisionId {
  AccountSid account;
  std::uint64_t place;
};
std::optional<DecisionId> parse_decision_id(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos) return std::nullopt;
  auto account = parse_account_sid(text.substr(0, colon));
  const auto place = parse_decimal(text.substr(colon + 1), kPlaceMax);
  if (!account || !place) return std::nullopt;
  return DecisionId{*std::move(account), *place};
}

Task<Result<Json>> material_of_decision(const ControlCall& call, gateway::World* world,
                                        std::uint64_t place) {
  ports::LedgerQuery query{.limit = 1, .before = place + 1};
  const Result<std::vector<LedgerEntry>> found = co_await world->decisions(std::move(query));
  if (!found) co_return Unexpected(found.error());
  if (found->empty() || found->front().place != place) {
    co_return fail(Errc::NotFound, "no decision " + world->account().text + ":" +
                                       std::to_string(place) + " is there");
  }
  const LedgerEntry& entry = found->front();
  if (entry.message) {
    co_return co_await material_of_message(call, world, *entry.message);
  }
  if (entry.action != Action::Reject) {
    co_return fail(Errc::BadInput,
                   "that decision left no message that is known here, and refused "
                   "none: there is nothing to capture");
  }
  const std::vector<Sender> senders = co_await world->senders();
  const std::vector<ContentTemplate> templates = co_await world->templates();
  Json json{{"mode", call.state.mode}, {"message", nullptr}};
  json["decision"] = to_json(world->account(), entry);
  json["send"] = Json::object();
  if (entry.content) json["send"]["ContentSid"] = entry.content->text;
  json["sender"] = sender_json(senders, entry.from);
  json["template"] = template_json(templates, entry.content);
  json["callbacks"] = Json::array();
  co_return json;
}

Task<Result<Json>> find_material(const ControlCall& call, std::vector<gateway::World*> worlds) {
  const std::string& name = call.captured.at(0);
  if (const auto decision = parse_decision_id(name)) {
    for (gateway::World* world : worlds) {
      if (world->account() != decision->account) continue;
      co_return co_await material_of_decision(call, world, decision->place);
    }
    co_return fail(Errc::NotFound, "no decision " + name + " is there");
  }
  const auto sid = parse_message_sid(name);
  if (!sid) {
    co_return fail(Errc::BadInput, "'" + name +
                                       "' is no message SID (SM or MM and 32 hex digits) and no "
                                       "decision (AC…:17)");
  }
  for (gateway::World* world : worlds) {
    Result<Json> material = co_await material_of_message(call, world, *sid);
    if (material || material.error().code != Errc::NotFound) co_return material;
  }
  co_return fail(Errc::NotFound, "no message " + sid->text + " is there");
}

}  // namespace

Task<Result<wire::HttpReply>> capture_message(ControlCall call) {
  if (!call.state.capture) co_return fail(Errc::NotFound, "nothing can be captured here");
  const auto fields = read_fields(call);
  if (!fields) co_return Unexpected(fields.error());
  const auto keep = fields->first("keep").value_or("false");
  if (keep != "true" && keep != "false") {
    co_return control_problem({Errc::BadInput, "keep must be true or false"}, "/keep");
  }
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  const Result<Json> material = co_await find_material(call, *worlds);
  if (!material) co_return Unexpected(material.error());
  const std::string text = material->dump(-1, ' ', false, Json::error_handler_t::replace);
  wire::HttpReply reply{.status = 200};
  // With comments, as scenario files have them.
  reply.headers = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}};
  reply.body = call.state.capture(text, keep == "true");
  co_return reply;
}

}  // namespace twindow::api
