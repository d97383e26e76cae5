// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/webhook_params.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/case_name.h"
#include "tests/wire/twilio/sample_message.h"

namespace twindow::wire {
namespace {

using namespace test_data;

using Names = std::vector<std::string>;

Names names_of(const std::vector<Param>& params) {
  Names names;
  for (const Param& param : params) names.push_back(param.name);
  return names;
}

std::optional<std::string> value_of(const std::vector<Param>& params, std::string_view name) {
  const auto found = std::ranges::find(params, name, &Param::name);
  if (found == params.end()) return std::nullopt;
  return found->value;
}

Message in_status(Message message, MessageStatus status, std::optional<int> error_code = {}) {
  message.status = status;
  message.error_code = error_code;
  message.updated = at(15, 30, 59);
  return message;
}

TEST(StatusParams, OfASentSms) {
  EXPECT_EQ(status_params(in_status(sms(), MessageStatus::Sent)),
            (std::vector<Param>{{"SmsSid", sid_of(1).text},
                                {"SmsStatus", "sent"},
                                {"MessageStatus", "sent"},
                                {"To", "+15558675310"},
                                {"MessageSid", sid_of(1).text},
                                {"AccountSid", kAccount.text},
                                {"From", "+15005550006"},
                                {"ApiVersion", "2010-04-01"}}));
}

TEST(StatusParams, OfAnSmsDeliveredThroughAServiceAreInTheOrderSeen) {
  Message message = in_status(sms(), MessageStatus::Delivered);
  message.service = kService;
  const auto params = status_params(message);
  EXPECT_EQ(names_of(params),
            (Names{"RawDlrDoneDate", "SmsSid", "SmsStatus", "MessageStatus", "To",
                   "MessagingServiceSid", "MessageSid", "AccountSid", "From", "ApiVersion"}));
  EXPECT_EQ(value_of(params, "RawDlrDoneDate"), "2308241530");
  EXPECT_EQ(value_of(params, "MessagingServiceSid"), kService.text);
}

TEST(StatusParams, OfAFailedSmsHaveTheCodeFirstAndNoText) {
  const auto params = status_params(in_status(sms(), MessageStatus::Undelivered, 30034));
  EXPECT_EQ(params.front(), (Param{"ErrorCode", "30034"}));
  EXPECT_EQ(value_of(params, "ErrorMessage"), std::nullopt);
  EXPECT_NE(value_of(params, "RawDlrDoneDate"), std::nullopt);
  EXPECT_EQ(
      value_of(status_params(in_status(sms(), MessageStatus::Failed, 30001)), "RawDlrDoneDate"),
      std::nullopt)
      << "it never reached a carrier";
}

TEST(StatusParams, HaveNoErrorCodeOutsideFailures) {
  const auto params = status_params(in_status(sms(), MessageStatus::Sent, 30034));
  EXPECT_EQ(value_of(params, "ErrorCode"), std::nullopt);
}

TEST(StatusParams, OfAReadWhatsAppMessageAreInTheOrderSeen) {
  const auto params = status_params(in_status(whatsapp(), MessageStatus::Read));
  EXPECT_EQ(names_of(params),
            (Names{"EventType", "SmsSid", "SmsStatus", "MessageStatus", "ChannelToAddress", "To",
                   "ChannelPrefix", "MessageSid", "AccountSid", "StructuredMessage", "From",
                   "ApiVersion", "ChannelInstallSid"}));
  EXPECT_EQ(value_of(params, "EventType"), "READ");
  EXPECT_EQ(value_of(params, "ChannelToAddress"), "+5215512345678");
  EXPECT_EQ(value_of(params, "To"), "whatsapp:+5215512345678");
  EXPECT_EQ(value_of(params, "ChannelPrefix"), "whatsapp");
  EXPECT_EQ(value_of(params, "StructuredMessage"), "false");
}

TEST(StatusParams, OfAnUndeliveredWhatsAppMessageSayWhy) {
  const auto params = status_params(in_status(whatsapp(), MessageStatus::Undelivered, 63016));
  EXPECT_EQ(value_of(params, "MessageStatus"), "undelivered");
  EXPECT_EQ(value_of(params, "ErrorCode"), "63016");
  EXPECT_EQ(value_of(params, "ErrorMessage"), "Outside the allowed window");
  EXPECT_EQ(value_of(params, "ChannelStatusMessage"), "Outside the allowed window");
  EXPECT_EQ(value_of(params, "EventType"), std::nullopt) << "none was ever seen";
  EXPECT_EQ(value_of(params, "RawDlrDoneDate"), std::nullopt);
}

TEST(StatusParams, NameATemplate) {
  Message message = in_status(whatsapp(), MessageStatus::Sent);
  message.kind = MessageKind::Template;
  EXPECT_EQ(value_of(status_params(message), "StructuredMessage"), "true");
  EXPECT_EQ(value_of(status_params(message), "EventType"), std::nullopt);
}

TEST(StatusParams, HaveTheSameInstallSidForTheSameSenderOnly) {
  const Message message = in_status(whatsapp(), MessageStatus::Sent);
  const auto install = value_of(status_params(message), "ChannelInstallSid");
  ASSERT_TRUE(install.has_value());
  EXPECT_TRUE(is_sid(*install, "XE"));
  Message other = in_status(message, MessageStatus::Read);
  EXPECT_EQ(value_of(status_params(other), "ChannelInstallSid"), install);
  other.from = *parse_from("whatsapp:+14155550100");
  EXPECT_NE(value_of(status_params(other), "ChannelInstallSid"), install);
  other = message;
  other.account = AccountSid{"AC" + std::string(32, 'f')};
  EXPECT_NE(value_of(status_params(other), "ChannelInstallSid"), install);
}

TEST(StatusParams, HaveAnEmptySenderWhileTheServiceHasNotChosen) {
  Message message = in_status(whatsapp(), MessageStatus::Failed, 63007);
  message.from = std::nullopt;
  EXPECT_EQ(value_of(status_params(message), "From"), "");
  EXPECT_EQ(value_of(status_params(message), "ChannelInstallSid"), std::nullopt);
}

InboundMessage inbound(std::string_view from, std::string_view to, std::vector<Param> extra = {}) {
  return {.account = kAccount,
          .sid = sid_of(2),
          .from = *parse_to(from),
          .to = *parse_from(to),
          .body = "hola",
          .extra = std::move(extra)};
}

InboundMessage whatsapp_inbound(std::vector<Param> extra = {}) {
  return inbound("whatsapp:+5215512345678", "whatsapp:+14155238886", std::move(extra));
}

TEST(InboundParams, OfAnSmsAreInTheOrderSeen) {
  const auto params = inbound_params(inbound("+15558675310", "+15005550006"));
  EXPECT_EQ(names_of(params),
            (Names{"ToCountry",  "ToState",    "SmsMessageSid", "NumMedia",
                   "ToCity",     "FromZip",    "SmsSid",        "FromState",
                   "SmsStatus",  "FromCity",   "Body",          "FromCountry",
                   "To",         "ToZip",      "NumSegments",   "ReferralNumMedia",
                   "MessageSid", "AccountSid", "From",          "ApiVersion"}));
  EXPECT_EQ(value_of(params, "FromCountry"), "US");
  EXPECT_EQ(value_of(params, "FromCity"), "");
  EXPECT_EQ(value_of(params, "SmsStatus"), "received");
  EXPECT_EQ(value_of(params, "NumSegments"), "1");
}

TEST(InboundParams, SayTheCountryOfTheCallingCodeOnly) {
  const auto params = inbound_params(inbound("+445550100200", "22395"));
  EXPECT_EQ(value_of(params, "FromCountry"), "GB");
  EXPECT_EQ(value_of(params, "ToCountry"), "");
}

TEST(InboundParams, SayWhereNumbersAreFrom) {
  const auto params = inbound_params(inbound("+14155550100", "+14165550100"));
  EXPECT_EQ(value_of(params, "FromCity"), "SAN FRANCISCO");
  EXPECT_EQ(value_of(params, "FromState"), "CA");
  EXPECT_EQ(value_of(params, "FromZip"), "94105");
  EXPECT_EQ(value_of(params, "ToCity"), "TORONTO");
  EXPECT_EQ(value_of(params, "ToCountry"), "CA");
}

TEST(InboundParams, OfATapRepeatItsText) {
  InboundMessage message = whatsapp_inbound({{"ButtonText", "Yes"}, {"ButtonPayload", "yes_1"}});
  message.body.clear();
  EXPECT_EQ(value_of(inbound_params(message), "Body"), "Yes");
  message.extra = {{"ListTitle", "Blue"}, {"ListId", "b"}};
  EXPECT_EQ(value_of(inbound_params(message), "Body"), "Blue");
  message.extra = {{"OriginalRepliedMessageSid", "SM1"}};
  EXPECT_EQ(value_of(inbound_params(message), "OriginalRepliedMessageSender"), message.to.text);
}

TEST(InboundParams, OfAWhatsAppTextAreInTheOrderSeen) {
  const auto params = inbound_params(whatsapp_inbound());
  EXPECT_EQ(names_of(params),
            (Names{"SmsMessageSid", "NumMedia", "ProfileName", "MessageType", "SmsSid", "WaId",
                   "SmsStatus", "Body", "To", "NumSegments", "ReferralNumMedia", "MessageSid",
                   "AccountSid", "ChannelMetadata", "From", "ApiVersion"}));
  EXPECT_EQ(value_of(params, "ChannelMetadata"),
            "{\"type\":\"whatsapp\",\"data\":{\"context\":{\"ProfileName\":\"WhatsApp "
            "user\",\"WaId\":\"5215512345678\"}}}");
  EXPECT_EQ(value_of(params, "WaId"), "5215512345678");
  EXPECT_EQ(value_of(params, "MessageType"), "text");
  EXPECT_EQ(value_of(params, "NumMedia"), "0");
  EXPECT_EQ(value_of(params, "From"), "whatsapp:+5215512345678");
}

TEST(InboundParams, OfAUserIdHaveNoPhone) {
  const auto params =
      inbound_params(inbound("whatsapp:US.13491208655302741918", "whatsapp:+14155238886"));
  EXPECT_EQ(value_of(params, "WaId"), std::nullopt);
  EXPECT_EQ(value_of(params, "ExternalUserId"), "whatsapp:US.13491208655302741918");
}

TEST(InboundParams, AreOverriddenInTheirPlaceAndAppendedElse) {
  const auto plain = inbound_params(whatsapp_inbound());
  const auto params = inbound_params(
      whatsapp_inbound({{"ProfileName", "Zoë"}, {"X", "1"}, {"X", "2"}, {"NumMedia", "3"}}));
  EXPECT_EQ(value_of(params, "ProfileName"), "Zoë");
  EXPECT_EQ(value_of(params, "NumMedia"), "3");
  ASSERT_EQ(params.size(), plain.size() + 2);
  Names names = names_of(plain);
  names.insert(names.end(), {"X", "X"});
  EXPECT_EQ(names_of(params), names);
  EXPECT_EQ(params.back(), (Param{"X", "2"}));
}

TEST(InboundParams, KeepASecondValueOfAName) {
  const auto params =
      inbound_params(whatsapp_inbound({{"ProfileName", "a"}, {"ProfileName", "b"}}));
  EXPECT_EQ(value_of(params, "ProfileName"), "a");
  EXPECT_EQ(params.back(), (Param{"ProfileName", "b"}));
}

struct TypeCase {
  std::string_view name;
  std::vector<Param> extra;
  std::string_view type;
  std::string_view num_media;
};

class InboundType : public testing::TestWithParam<TypeCase> {};

TEST_P(InboundType, FollowsFromTheParameters) {
  const auto params = inbound_params(whatsapp_inbound(GetParam().extra));
  EXPECT_EQ(value_of(params, "MessageType"), GetParam().type);
  EXPECT_EQ(value_of(params, "NumMedia"), GetParam().num_media);
}

std::vector<Param> media(std::string type) {
  return {{"MediaContentType0", std::move(type)}, {"MediaUrl0", "https://a.example/ME1"}};
}

INSTANTIATE_TEST_SUITE_P(Table, InboundType,
                         testing::ValuesIn(std::vector<TypeCase>{
                             {"Button", {{"ButtonText", "Yes"}}, "button", "0"},
                             {"List", {{"ListId", "1"}}, "interactive", "0"},
                             {"Location", {{"Latitude", "1.5"}}, "location", "0"},
                             {"Image", media("image/jpeg"), "image", "1"},
                             {"Sticker", media("image/webp"), "sticker", "1"},
                             {"Voice", media("audio/ogg"), "audio", "1"},
                             {"Video", media("video/mp4"), "video", "1"},
                             {"Contact", media("text/vcard"), "contacts", "1"},
                             {"Pdf", media("application/pdf"), "document", "1"},
                             {"Said", {{"MessageType", "reaction"}}, "reaction", "0"},
                             {"NoMedia", {{"MediaUrlX", "x"}, {"MediaUrl", "x"}}, "text", "0"},
                         }),
                         test::case_name);

TEST(ClosingSoonParams, SayWhoseWindowClosesWhen) {
  using namespace std::chrono_literals;
  const Time last = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + 9h;
  const Window window{{"whatsapp:+14155550100", "+525512345678"}, last, "whatsapp:+5215512345678"};
  const std::vector<Param> want{{"Event", "window-closing-soon"},
                                {"AccountSid", "AC1"},
                                {"From", "whatsapp:+5215512345678"},
                                {"To", "whatsapp:+14155550100"},
                                {"LastInbound", "2026-01-05T09:00:00.000Z"},
                                {"ClosesAt", "2026-01-06T08:59:00.000Z"}};
  EXPECT_EQ(closing_soon_params(AccountSid{"AC1"}, {window, last + 24h - 60s}), want);
}

}  // namespace
}  // namespace twindow::wire
