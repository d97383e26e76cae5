// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/webhook_reading.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twindow/wire/twilio/webhook_params.h"

namespace twindow::wire {
namespace {

using testing::HasSubstr;

const std::string kAccount = "AC0123456789abcdef0123456789abcdef";
const std::string kSid = "SM11111111111111111111111111111111";

Form form_of(std::string_view text) { return *parse_form(text); }

// Order and parameters of a captured one.
const std::string kDelivered =
    "RawDlrDoneDate=2601021530&SmsSid=" + kSid +
    "&SmsStatus=delivered&MessageStatus=delivered&To=%2B15558675310&MessageSid=" + kSid +
    "&AccountSid=" + kAccount + "&From=%2B15005550006&ApiVersion=2010-04-01";

TEST(WebhookReading, ReadsAStatusCallback) {
  const auto callback = read_status_callback(form_of(kDelivered));
  ASSERT_TRUE(callback);
  EXPECT_EQ(callback->account.text, kAccount);
  EXPECT_EQ(callback->sid.text, kSid);
  EXPECT_EQ(callback->status, MessageStatus::Delivered);
  EXPECT_EQ(callback->status_text, "delivered");
  EXPECT_EQ(callback->error_code, std::nullopt);
  EXPECT_EQ(callback->from->text, "+15005550006");
}

TEST(WebhookReading, ReadsAFailure) {
  const auto callback = read_status_callback(
      form_of("ErrorCode=63016&SmsStatus=undelivered&SmsSid=" + kSid + "&AccountSid=" + kAccount));
  ASSERT_TRUE(callback);
  EXPECT_EQ(callback->status, MessageStatus::Undelivered) << "without MessageStatus";
  EXPECT_EQ(callback->sid.text, kSid) << "without MessageSid";
  EXPECT_EQ(callback->error_code, 63016);
  EXPECT_EQ(callback->from, std::nullopt);
}

TEST(WebhookReading, KeepsAStatusThatNobodyKnows) {
  const auto callback =
      read_status_callback(form_of("MessageStatus=pondered&ErrorCode=x1&From=&"
                                   "MessageSid=" +
                                   kSid + "&AccountSid=" + kAccount));
  ASSERT_TRUE(callback);
  EXPECT_EQ(callback->status, std::nullopt);
  EXPECT_EQ(callback->status_text, "pondered");
  EXPECT_EQ(callback->error_code, std::nullopt);
  EXPECT_EQ(callback->from, std::nullopt);
}

TEST(WebhookReading, RefusesWhatIsNoStatusCallback) {
  const auto why = [](const std::string& form) {
    const auto callback = read_status_callback(form_of(form));
    return callback ? std::string("(read)") : callback.error().detail;
  };
  EXPECT_THAT(why("MessageStatus=sent&MessageSid=" + kSid), HasSubstr("AccountSid"));
  EXPECT_THAT(why("MessageStatus=sent&MessageSid=SM1&AccountSid=" + kAccount),
              HasSubstr("MessageSid"));
  EXPECT_THAT(why("MessageSid=" + kSid + "&AccountSid=" + kAccount), HasSubstr("MessageStatus"));
  EXPECT_THAT(why(""), HasSubstr("AccountSid"));
}

TEST(WebhookReading, ReadsWhatTheSimulatorWrites) {
  InboundMessage message{.account = {kAccount},
                         .sid = {kSid},
                         .from = *parse_from("whatsapp:+5215512345678"),
                         .to = *parse_from("whatsapp:+14155550100"),
                         .body = "Zo\xC3\xAB & co",
                         .extra = {{"ProfileName", "Ana"}, {"Novelty", ""}}};
  const auto read = read_inbound_message(Form(inbound_params(message)));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->account, message.account);
  EXPECT_EQ(read->sid, message.sid);
  EXPECT_EQ(read->from, message.from);
  EXPECT_EQ(read->to, message.to);
  EXPECT_EQ(read->body, message.body);
  EXPECT_EQ(inbound_params(*read), inbound_params(message)) << "with every other parameter";
}

TEST(WebhookReading, TakesAddressesOfNoKnownForm) {
  const auto read = read_inbound_message(
      form_of("From=whatsapp%3A%3F&To=12&MessageSid=" + kSid + "&AccountSid=" + kAccount));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->from, (Address{Channel::WhatsApp, AddressForm::UserId, "whatsapp:?"}));
  EXPECT_EQ(read->to, (Address{Channel::Sms, AddressForm::UserId, "12"}));
}

TEST(WebhookReading, RefusesWhatIsNoMessage) {
  const std::string rest = "&MessageSid=" + kSid + "&AccountSid=" + kAccount;
  EXPECT_FALSE(read_inbound_message(form_of("From=%2B15005550006" + rest)));
  EXPECT_FALSE(read_inbound_message(form_of("To=%2B15005550006&From=" + rest)));
  EXPECT_FALSE(read_inbound_message(form_of("To=%2B15005550006&From=whatsapp%3A" + rest)));
  EXPECT_FALSE(read_inbound_message(form_of("From=%2B15005550006&To=%2B15005550006")));
}

}  // namespace
}  // namespace twindow::wire
