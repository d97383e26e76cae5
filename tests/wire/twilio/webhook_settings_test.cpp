// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/webhook_settings.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};
const std::string kNumber = "PN00000000000000000000000000000001";
const std::string kSender = "XE00000000000000000000000000000001";
const std::string kService = "MG00000000000000000000000000000001";
const std::string kUrl = "https://tw.example.com/hooks/inbound";

TEST(WebhookSettings, AreReadFromAPhoneNumber) {
  const auto page = read_settings(
      SettingOf::PhoneNumber,
      R"({"incoming_phone_numbers": [{"sid": ")" + kNumber +
          R"(", "phone_number": "+15005550006", "sms_url": "https://old.example.com/in",)"
          R"( "sms_method": "GET", "sms_fallback_url": "", "sms_application_sid": "AP1"},)"
          R"( {"phone_number": "+15005550007"}, {"sms_url": "https://a"}, 7],)"
          R"( "next_page_uri": "/2010-04-01/x?Page=1"})");
  ASSERT_TRUE(page.has_value());
  const WebhookSetting want{.of = SettingOf::PhoneNumber,
                            .sid = kNumber,
                            .address = "+15005550006",
                            .inbound_url = "https://old.example.com/in",
                            .inbound_method = "GET",
                            .application = "AP1"};
  const WebhookSetting unnamed{.of = SettingOf::PhoneNumber, .address = "+15005550007"};
  EXPECT_EQ(page->settings, (std::vector{want, unnamed}));
  EXPECT_EQ(page->next, "/2010-04-01/x?Page=1");
}

TEST(WebhookSettings, AreReadFromAWhatsAppSender) {
  const auto setting = read_setting(
      SettingOf::WhatsAppSender,
      R"({"sid": ")" + kSender +
          R"(", "sender_id": "whatsapp:+15005550006", "webhook": {"callback_url": "https://a/in",)"
          R"( "callback_method": "POST", "fallback_url": "https://a/fallback",)"
          R"( "status_callback_url": "https://a/status", "novelty": [1]}})");
  ASSERT_TRUE(setting.has_value());
  EXPECT_EQ(setting->address, "whatsapp:+15005550006");
  EXPECT_EQ(setting->inbound_url, "https://a/in");
  EXPECT_EQ(setting->inbound_method, "POST");
  EXPECT_EQ(setting->fallback_url, "https://a/fallback");
  EXPECT_EQ(setting->status_callback, "https://a/status");
  EXPECT_NE(setting->webhook.find("novelty"), std::string::npos);
}

TEST(WebhookSettings, AreReadFromAService) {
  const auto setting = read_setting(
      SettingOf::Service, R"({"sid": ")" + kService +
                              R"(", "friendly_name": "shop", "inbound_request_url": null,)"
                              R"( "inbound_method": "POST", "fallback_url": null,)"
                              R"( "status_callback": "https://a/status",)"
                              R"( "use_inbound_webhook_on_number": true})");
  ASSERT_TRUE(setting.has_value());
  const WebhookSetting want{.of = SettingOf::Service,
                            .sid = kService,
                            .address = "shop",
                            .inbound_method = "POST",
                            .status_callback = "https://a/status",
                            .numbers_keep_theirs = true};
  EXPECT_EQ(*setting, want);
}

TEST(WebhookSettings, ASenderWhoseWebhookIsNotSaidHasNone) {
  for (const char* webhook : {"", R"(, "webhook": null)", R"(, "webhook": "x")"}) {
    const auto setting =
        read_setting(SettingOf::WhatsAppSender, R"({"sid": ")" + kSender + "\"" + webhook + "}");
    ASSERT_TRUE(setting.has_value()) << webhook;
    EXPECT_EQ(setting->webhook, "");
  }
}

TEST(WebhookSettings, AreNotReadFromAnythingElse) {
  for (const auto of : {SettingOf::PhoneNumber, SettingOf::WhatsAppSender, SettingOf::Service}) {
    for (const char* json : {"", "[]", "{}", R"({"code": 20003})", R"({"senders": {}})"}) {
      EXPECT_FALSE(read_settings(of, json)) << json;
      EXPECT_FALSE(read_setting(of, json)) << json;
    }
  }
  EXPECT_FALSE(read_pool_numbers(R"({"senders": []})"));
}

TEST(WebhookSettings, ThePoolsNumbersAreRead) {
  const auto pool =
      read_pool_numbers(R"({"phone_numbers": [{"phone_number": "+15005550006"}, {"sid": "PN1"}],)"
                        R"( "meta": {"next_page_url": "https://messaging.twilio.com/v1/x"}})");
  ASSERT_TRUE(pool.has_value());
  EXPECT_EQ(pool->addresses, std::vector<std::string>{"+15005550006"});
  EXPECT_EQ(pool->next, "https://messaging.twilio.com/v1/x");
  EXPECT_EQ(pool_numbers_query(kService).target,
            "/v1/Services/" + kService + "/PhoneNumbers?PageSize=1000");
}

TEST(WebhookSettings, HaveTheirPlaces) {
  const std::string account = "/2010-04-01/Accounts/" + kAccount.text;
  EXPECT_EQ(settings_query(SettingOf::PhoneNumber, kAccount),
            (ApiQuery{"api.twilio.com", account + "/IncomingPhoneNumbers.json?PageSize=1000"}));
  EXPECT_EQ(
      settings_query(SettingOf::WhatsAppSender, kAccount),
      (ApiQuery{"messaging.twilio.com", "/v2/Channels/Senders?Channel=whatsapp&PageSize=1000"}));
  EXPECT_EQ(settings_query(SettingOf::Service, kAccount),
            (ApiQuery{"messaging.twilio.com", "/v1/Services?PageSize=1000"}));
  EXPECT_EQ(setting_query({.of = SettingOf::PhoneNumber, .sid = kNumber}, kAccount).target,
            account + "/IncomingPhoneNumbers/" + kNumber + ".json");
  EXPECT_EQ(setting_query({.of = SettingOf::WhatsAppSender, .sid = "../x"}, kAccount).target,
            "/v2/Channels/Senders/..%2Fx");
}

TEST(WebhookSettings, AreChangedInTheirOwnWords) {
  const ApiChange number =
      inbound_url_change({.of = SettingOf::PhoneNumber, .sid = kNumber}, kAccount, kUrl);
  EXPECT_EQ(number.content_type, "application/x-www-form-urlencoded");
  EXPECT_EQ(number.body, "SmsUrl=https%3A%2F%2Ftw.example.com%2Fhooks%2Finbound&SmsMethod=POST");
  const ApiChange service =
      inbound_url_change({.of = SettingOf::Service, .sid = kService}, kAccount, kUrl);
  EXPECT_EQ(service.place.target, "/v1/Services/" + kService);
  EXPECT_EQ(service.body,
            "InboundRequestUrl=https%3A%2F%2Ftw.example.com%2Fhooks%2Finbound&InboundMethod=POST");
}

TEST(WebhookSettings, ASendersOtherUrlsAreSentBackAsTheyWere) {
  const ApiChange change = inbound_url_change(
      {.of = SettingOf::WhatsAppSender,
       .sid = kSender,
       .webhook = R"({"callback_method":"GET","fallback_url":"https://a/f","novelty":[1]})"},
      kAccount, kUrl);
  EXPECT_EQ(change.content_type, "application/json");
  EXPECT_EQ(change.body, R"({"webhook":{"callback_method":"POST","callback_url":")" + kUrl +
                             R"(","fallback_url":"https://a/f","novelty":[1]}})");
}

}  // namespace
}  // namespace twindow::wire
