// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/webhook_settings.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "twindow/wire/form.h"

#include "src/wire/answer_json.h"

namespace twindow::wire {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kApi = "api.twilio.com";
constexpr std::string_view kMessaging = "messaging.twilio.com";
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

const char* array_name(SettingOf of) {
  switch (of) {
    case SettingOf::PhoneNumber:
      return "incoming_phone_numbers";
    case SettingOf::WhatsAppSender:
      return "senders";
    case SettingOf::Service:
      break;
  }
  return "services";
}

WebhookSetting number_of(const Json& record) {
  return {.of = SettingOf::PhoneNumber,
          .sid = text_of(record, "sid"),
          .address = text_of(record, "phone_number"),
          .inbound_url = text_of(record, "sms_url"),
          .inbound_method = text_of(record, "sms_method"),
          .fallback_url = text_of(record, "sms_fallback_url"),
          .application = text_of(record, "sms_application_sid")};
}

WebhookSetting sender_of(const Json& record) {
  WebhookSetting setting{.of = SettingOf::WhatsAppSender,
                         .sid = text_of(record, "sid"),
                         .address = text_of(record, "sender_id")};
  const auto webhook = record.find("webhook");
  if (webhook == record.end() || !webhook->is_object()) return setting;
  setting.inbound_url = text_of(*webhook, "callback_url");
  setting.inbound_method = text_of(*webhook, "callback_method");
  setting.fallback_url = text_of(*webhook, "fallback_url");
  setting.status_callback = text_of(*webhook, "status_callback_url");
  setting.webhook = webhook->dump(-1, ' ', false, Json::error_handler_t::replace);
  return setting;
}

WebhookSetting service_of(const Json& record) {
  const auto keeps = record.find("use_inbound_webhook_on_number");
  return {.of = SettingOf::Service,
          .sid = text_of(record, "sid"),
          .address = text_of(record, "friendly_name"),
          .inbound_url = text_of(record, "inbound_request_url"),
          .inbound_method = text_of(record, "inbound_method"),
          .fallback_url = text_of(record, "fallback_url"),
          .status_callback = text_of(record, "status_callback"),
          .numbers_keep_theirs = keeps != record.end() && *keeps == true};
}

WebhookSetting read_record(SettingOf of, const Json& record) {
  switch (of) {
    case SettingOf::PhoneNumber:
      return number_of(record);
    case SettingOf::WhatsAppSender:
      return sender_of(record);
    case SettingOf::Service:
      break;
  }
  return service_of(record);
}

}  // namespace

ApiQuery settings_query(SettingOf of, const AccountSid& account) {
  const ServiceSid none;
  switch (of) {
    case SettingOf::PhoneNumber:
      return senders_query(SenderList::PhoneNumbers, account, none);
    case SettingOf::WhatsAppSender:
      return senders_query(SenderList::WhatsAppSenders, account, none);
    case SettingOf::Service:
      break;
  }
  return {std::string(kMessaging), "/v1/Services?PageSize=1000"};
}

ApiQuery setting_query(const WebhookSetting& setting, const AccountSid& account) {
  const std::string sid = percent_encode(setting.sid);
  switch (setting.of) {
    case SettingOf::PhoneNumber:
      return {std::string(kApi), "/2010-04-01/Accounts/" + percent_encode(account.text) +
                                     "/IncomingPhoneNumbers/" + sid + ".json"};
    case SettingOf::WhatsAppSender:
      return {std::string(kMessaging), "/v2/Channels/Senders/" + sid};
    case SettingOf::Service:
      break;
  }
  return {std::string(kMessaging), "/v1/Services/" + sid};
}

Result<WebhookSettings> read_settings(SettingOf of, std::string_view json) {
  const Json page = TWINDOW_TRY(parse_answer(json, "a list of webhook settings"));
  const Json* records = array_of(page, array_name(of));
  if (records == nullptr) {
    return fail(Errc::BadReply, "Twilio's answer is not a list of webhook settings");
  }
  WebhookSettings answers{.next = next_link(page)};
  for (const Json& record : *records) {
    if (!record.is_object()) continue;
    WebhookSetting setting = read_record(of, record);
    const bool named = !setting.sid.empty() || !setting.address.empty();
    if (named) answers.settings.push_back(std::move(setting));
  }
  return answers;
}

Result<WebhookSetting> read_setting(SettingOf of, std::string_view json) {
  const Json record = TWINDOW_TRY(parse_answer(json, "a webhook setting"));
  WebhookSetting setting = read_record(of, record);
  if (setting.sid.empty()) return fail(Errc::BadReply, "Twilio's answer is not a webhook setting");
  return setting;
}

ApiQuery pool_numbers_query(const std::string& service) {
  return {std::string(kMessaging),
          "/v1/Services/" + percent_encode(service) + "/PhoneNumbers?PageSize=1000"};
}

Result<SenderAnswers> read_pool_numbers(std::string_view json) {
  const Json page = TWINDOW_TRY(parse_answer(json, "a list of phone numbers"));
  const Json* records = array_of(page, "phone_numbers");
  if (records == nullptr) {
    return fail(Errc::BadReply, "Twilio's answer is not a list of phone numbers");
  }
  SenderAnswers answers{.next = next_link(page)};
  for (const Json& record : *records) {
    if (!record.is_object()) continue;
    std::string number = text_of(record, "phone_number");
    if (!number.empty()) answers.addresses.push_back(std::move(number));
  }
  return answers;
}

ApiChange inbound_url_change(const WebhookSetting& setting, const AccountSid& account,
                             const std::string& url) {
  ApiChange change{
      .place = setting_query(setting, account), .content_type = std::string(kForm), .body = {}};
  switch (setting.of) {
    case SettingOf::PhoneNumber:
      change.body = encode_form({{"SmsUrl", url}, {"SmsMethod", "POST"}});
      break;
    case SettingOf::Service:
      change.body = encode_form({{"InboundRequestUrl", url}, {"InboundMethod", "POST"}});
      break;
    case SettingOf::WhatsAppSender: {
      Json webhook = Json::parse(setting.webhook, nullptr, false);
      if (!webhook.is_object()) webhook = Json::object();
      webhook["callback_url"] = url;
      webhook["callback_method"] = "POST";
      const Json body{{"webhook", std::move(webhook)}};
      change.content_type = "application/json";
      change.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
      break;
    }
  }
  return change;
}

}  // namespace twindow::wire
