// SPDX-License-Identifier: Apache-2.0
// /__admin/senders: the business addresses of an account.
#include <algorithm>
#include <array>

#include "twindow/wire/url.h"

#include "src/api/control_call.h"
#include "src/api/control_json.h"

namespace twindow::api {

namespace {

Json text_or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

// `at_twilio`: what is known of the account there, in proxy mode.
Json to_json(const AccountSid& account, const std::vector<Sender>& senders,
             const std::optional<std::vector<Address>>& at_twilio) {
  Json fetched;
  if (at_twilio) {
    fetched = Json::array();
    for (const Address& address : *at_twilio) fetched.push_back(address.text);
  }
  Json list = Json::array();
  for (const Sender& sender : senders) {
    list.push_back({{"address", sender.address.text},
                    {"inbound_url", text_or_null(sender.inbound_url)},
                    {"inbound_method", to_text(sender.inbound_method)},
                    {"fallback_url", text_or_null(sender.fallback_url)},
                    {"fallback_method", to_text(sender.fallback_method)},
                    {"status_callback", text_or_null(sender.status_callback)},
                    {"service", sender.service ? Json(sender.service->text) : Json()}});
  }
  return {{"account_sid", account.text},
          {"open", senders.empty()},
          {"senders", list},
          {"at_twilio", fetched}};
}

// A text of `json`, or nothing if it is null or absent.
Result<std::optional<std::string>> read_text(const Json& json, const std::string& key) {
  const auto found = json.find(key);
  if (found == json.end() || found->is_null()) return std::optional<std::string>();
  if (!found->is_string()) return fail(Errc::BadInput, key + " must be text or null");
  return std::optional(found->get<std::string>());
}

Result<std::optional<std::string>> read_url(const Json& json, const std::string& key) {
  auto text = TWINDOW_TRY(read_text(json, key));
  if (text && !wire::parse_web_url(*text)) {
    return fail(Errc::BadInput, key + ": '" + *text + "' is no http or https URL");
  }
  return text;
}

Result<HttpMethod> read_method(const Json& json, const std::string& key) {
  const auto text = TWINDOW_TRY(read_text(json, key));
  if (!text) return HttpMethod::Post;
  const auto method = parse_http_method(*text);
  if (!method) return fail(Errc::BadInput, key + ": '" + *text + "', expected POST or GET");
  return *method;
}

Result<Sender> read_sender(const Json& json) {
  constexpr std::array<std::string_view, 7> kKeys{
      "address",         "inbound_url",     "inbound_method", "fallback_url",
      "fallback_method", "status_callback", "service"};
  if (!json.is_object()) return fail(Errc::BadInput, "a sender must be an object");
  for (const auto& [key, value] : json.items()) {
    if (std::ranges::find(kKeys, key) == kKeys.end()) {
      return fail(Errc::BadInput,
                  "'" + key +
                      "': expected address, inbound_url, inbound_method, fallback_url, "
                      "fallback_method, status_callback, service");
    }
  }
  const auto text = TWINDOW_TRY(read_text(json, "address"));
  const auto address = parse_from(text.value_or(""));
  if (!address) {
    return fail(Errc::BadInput,
                "address: '" + text.value_or("") +
                    "' is no sender, such as whatsapp:+14155550100 or +15005550006");
  }
  Sender sender{.address = *address};
  sender.inbound_url = TWINDOW_TRY(read_url(json, "inbound_url"));
  sender.inbound_method = TWINDOW_TRY(read_method(json, "inbound_method"));
  sender.fallback_url = TWINDOW_TRY(read_url(json, "fallback_url"));
  sender.fallback_method = TWINDOW_TRY(read_method(json, "fallback_method"));
  sender.status_callback = TWINDOW_TRY(read_url(json, "status_callback"));
  if (const auto service = TWINDOW_TRY(read_text(json, "service"))) {
    sender.service = parse_service_sid(*service);
    if (!sender.service) return fail(Errc::BadInput, "service must be MG and 32 hex digits");
  }
  return sender;
}

}  // namespace

Task<Result<wire::HttpReply>> get_senders(ControlCall call) {
  const auto worlds = worlds_to_read(call);
  if (!worlds) co_return Unexpected(worlds.error());
  Json accounts = Json::array();
  for (gateway::World* world : *worlds) {
    const std::vector<Sender> senders = co_await world->senders();
    const auto at_twilio = co_await world->senders_at_twilio();
    accounts.push_back(to_json(world->account(), senders, at_twilio));
  }
  const Json json{{"accounts", accounts}};
  co_return json_reply(json);
}

Task<Result<wire::HttpReply>> put_senders(ControlCall call) {
  const auto body = read_json(call);
  if (!body) co_return Unexpected(body.error());
  const auto named = read_text(*body, "AccountSid");
  if (!named) co_return control_problem(named.error(), "/AccountSid");
  const auto list = body->find("senders");
  if (list == body->end() || !list->is_array()) {
    co_return control_problem({Errc::BadInput, "senders must be a list"}, "/senders");
  }
  std::vector<Sender> senders;
  for (const Json& item : *list) {
    auto sender = read_sender(item);
    if (!sender) {
      co_return control_problem(sender.error(), "/senders/" + std::to_string(senders.size()));
    }
    senders.push_back(*std::move(sender));
  }
  const auto world = world_to_write(call, *named);
  if (!world) co_return control_problem(world.error(), account_pointer(*named));
  co_await (*world)->replace_senders(senders);
  const auto at_twilio = co_await (*world)->senders_at_twilio();
  const Json json{{"accounts", Json::array({to_json((*world)->account(), senders, at_twilio)})}};
  co_return json_reply(json);
}

}  // namespace twindow::api
