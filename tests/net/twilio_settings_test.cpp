// SPDX-License-Identifier: Apache-2.0
// An account's webhook settings, asked of a Twilio that plays answers from a list.
#include "twindow/net/twilio_settings.h"

#include <deque>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/run_task.h"

namespace twindow::net {
namespace {

using namespace std::chrono_literals;
using wire::SettingOf;
using wire::UpstreamCall;
using wire::WebhookSetting;

const std::string kUrl = "https://tw.example.com/hooks/inbound";

class TwilioSettingsTest : public testing::Test {
 protected:
  template <class T>
  T run(Task<T> task) {
    return test::run_task(context_, std::move(task));
  }
  static Task<wire::UpstreamReply> answer(TwilioSettingsTest& test, UpstreamCall call) {
    test.calls_.push_back(std::move(call));
    wire::HttpReply reply = std::move(test.answers_.front());
    test.answers_.pop_front();
    co_return reply;
  }
  void says(int status, const std::string& body) {
    answers_.push_back({.status = status, .headers = {}, .body = body});
  }

  test::Context context_;
  std::vector<UpstreamCall> calls_;
  std::deque<wire::HttpReply> answers_;
  TwilioSettings settings_{
      [this](UpstreamCall call) { return answer(*this, std::move(call)); },
      {.sid = AccountSid{"AC0123456789abcdef0123456789abcdef"}, .auth_token = AuthToken{"secret"}}};
};

TEST_F(TwilioSettingsTest, FollowsThePagesOfAList) {
  says(200, R"({"services":[{"sid":"MG1"}],
      "meta":{"next_page_url":"https://messaging.twilio.com/v1/Services?Page=1"}})");
  says(200, R"({"services":[{"sid":"MG2"}],"meta":{"next_page_url":null}})");
  const auto all = run(settings_.all(SettingOf::Service, 1s));
  ASSERT_TRUE(all.has_value());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[1].sid, "MG2");
  EXPECT_EQ(calls_[1].target, "/v1/Services?Page=1");
}

TEST_F(TwilioSettingsTest, ASenderWhoseWebhookTheListLeavesOutIsAskedForAlone) {
  says(200, R"({"senders":[{"sid":"XE1","sender_id":"whatsapp:+14155550100"}]})");
  says(200, R"({"sid":"XE1","sender_id":"whatsapp:+14155550100","webhook":{"callback_url":"u"}})");
  const auto all = run(settings_.all(SettingOf::WhatsAppSender, 1s));
  ASSERT_TRUE(all.has_value());
  EXPECT_EQ((*all)[0].inbound_url, "u");
  EXPECT_EQ(calls_[1].target, "/v2/Channels/Senders/XE1");
}

TEST_F(TwilioSettingsTest, AChangeIsPostedOnceAndReadAgain) {
  says(202, "{}");
  says(200, R"({"sid":"XE1","webhook":{"callback_url":")" + kUrl + R"("}})");
  const WebhookSetting setting{.of = SettingOf::WhatsAppSender, .sid = "XE1"};
  const auto now = run(settings_.set_inbound_url(setting, kUrl, 1s));
  ASSERT_TRUE(now.has_value());
  EXPECT_EQ(now->inbound_url, kUrl);
  ASSERT_EQ(calls_.size(), 2u);
  EXPECT_EQ(calls_[0].method, "POST");
  EXPECT_EQ(calls_[0].host, "messaging.twilio.com");
  EXPECT_EQ(wire::find_header(calls_[0].headers, "Content-Type"), "application/json");
  EXPECT_NE(calls_[0].body.find(kUrl), std::string::npos);
  EXPECT_EQ(calls_[1].method, "GET");
}

TEST_F(TwilioSettingsTest, ARefusedChangeIsAnErrorAndIsNotReadAgain) {
  says(401, R"({"code":20003})");
  const WebhookSetting setting{.of = SettingOf::Service, .sid = "MG1"};
  const auto now = run(settings_.set_inbound_url(setting, kUrl, 1s));
  ASSERT_FALSE(now.has_value());
  EXPECT_EQ(now.error().code, Errc::WrongPassword);
  EXPECT_NE(now.error().detail.find("20003"), std::string::npos);
  EXPECT_EQ(calls_.size(), 1u);
}

TEST_F(TwilioSettingsTest, AnAccountWithoutCredentialsIsNotAskedFor) {
  TwilioSettings nobody{[this](UpstreamCall call) { return answer(*this, std::move(call)); }, {}};
  EXPECT_EQ(run(nobody.all(SettingOf::Service, 1s)).error().code, Errc::NoCredentials);
  EXPECT_TRUE(calls_.empty());
}

}  // namespace
}  // namespace twindow::net
