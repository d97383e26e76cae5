// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/sender_request.h"

#include <array>

#include <nlohmann/json.hpp>

#include "twindow/base/limits.h"
#include "twindow/model/address.h"
#include "twindow/wire/url.h"

#include "src/wire/answer_json.h"

namespace twindow::wire {

namespace {

using Json = nlohmann::ordered_json;

struct WebhookField {
  const char* name;
  bool is_url;
};
constexpr std::array kWebhook{
    WebhookField{"callback_url", true},        WebhookField{"callback_method", false},
    WebhookField{"fallback_url", true},        WebhookField{"fallback_method", false},
    WebhookField{"status_callback_url", true}, WebhookField{"status_callback_method", false},
};
constexpr std::array<const char*, 5> kConfiguration{
    "waba_id", "verification_method", "verification_code", "voice_application_sid", "account_type"};
constexpr std::array<const char*, 14> kProfile{
    "name",         "about",        "address",     "description",
    "logo_url",     "banner_url",   "privacy_url", "terms_of_service_url",
    "accent_color", "use_case",     "vertical",    "websites",
    "emails",       "phone_numbers"};

Unexpected<Error> invalid(std::string detail) {
  return fail(Errc::ChannelSenderInvalid, std::move(detail));
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<void> read_webhook(const Json& webhook, std::vector<Param>& fields) {
  if (!webhook.is_object()) return invalid("webhook must be an object");
  for (const WebhookField& row : kWebhook) {
    const auto found = webhook.find(row.name);
    if (found == webhook.end()) continue;
    if (!found->is_null() && !found->is_string()) {
      return invalid(std::string("webhook.") + row.name + " must be text");
    }
    std::string value = found->is_null() ? std::string() : found->get<std::string>();
    if (row.is_url && !value.empty() && !parse_web_url(value)) {
      return invalid(std::string("webhook.") + row.name + " must be an http or https URL");
    }
    fields.push_back({row.name, std::move(value)});
  }
  return {};
}

template <std::size_t kCount>
Result<void> read_object(const Json& parsed, const char* key,
                         const std::array<const char*, kCount>& names, std::vector<Param>& fields) {
  const auto found = parsed.find(key);
  if (found == parsed.end() || found->is_null()) return {};
  if (!found->is_object()) return invalid(std::string(key) + " must be an object");
  Json kept = Json::object();
  for (const char* name : names) kept[name] = found->value(name, Json());
  fields.push_back({key, dumped(kept)});
  return {};
}

}  // namespace

Result<std::vector<Param>> read_sender_fields(std::string_view json, bool create) {
  if (nests_deeper_than(json, limits::kJsonDepthMax)) return invalid("the body nests too deeply");
  const Json parsed = Json::parse(json, nullptr, false);
  if (!parsed.is_object()) return invalid("the body must be a JSON object");
  std::vector<Param> fields;
  if (create) {
    const auto sender = parsed.find("sender_id");
    const bool named = sender != parsed.end() && sender->is_string();
    const auto address = parse_from(named ? sender->get<std::string>() : std::string());
    if (!address || address->channel == Channel::Sms) {
      return invalid("sender_id must be an address such as whatsapp:+15005550006");
    }
    fields.push_back({"sender_id", address->text});
  }
  if (const auto name = parsed.find("friendly_name"); name != parsed.end() && name->is_string()) {
    fields.push_back({"friendly_name", name->get<std::string>()});
  }
  if (const auto webhook = parsed.find("webhook"); webhook != parsed.end() && !webhook->is_null()) {
    TWINDOW_TRY(read_webhook(*webhook, fields));
  }
  TWINDOW_TRY(read_object(parsed, "configuration", kConfiguration, fields));
  TWINDOW_TRY(read_object(parsed, "profile", kProfile, fields));
  return fields;
}

void complete_sender(Resource& sender) {
  Json webhook = Json::object();
  for (const WebhookField& row : kWebhook) {
    const std::string text(sender.get(row.name));
    if (!text.empty()) {
      webhook[row.name] = text;
    } else {
      webhook[row.name] = row.is_url ? Json() : Json("POST");
    }
  }
  sender.set("webhook", dumped(webhook));
  const bool online = sender.get("status").starts_with("ONLINE");
  sender.set(
      "properties",
      online ? R"({"quality_rating":"HIGH","messaging_limit":"1K Customers/24hr"})" : "null");
}

}  // namespace twindow::wire
