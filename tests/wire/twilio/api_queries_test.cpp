// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/api_queries.h"

#include <gtest/gtest.h>

#include "twindow/wire/time_text.h"

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

const AccountSid kAccount{"AC0123456789abcdef0123456789abcdef"};
const std::string kPath = "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef";

TEST(ApiQueries, ListMessagesAsTheSdksDo) {
  const MessageListQuery list{.account = kAccount,
                              .to = "whatsapp:+14155550100",
                              .from = "whatsapp:+5215512345678",
                              .sent_from = parse_time("2026-01-05T09:00:00.750Z"),
                              .page_size = 20};
  const ApiQuery want{"api.twilio.com", kPath +
                                            "/Messages.json?To=whatsapp%3A%2B14155550100&"
                                            "From=whatsapp%3A%2B5215512345678&"
                                            "DateSent%3E=2026-01-05T09%3A00%3A00Z&PageSize=20"};
  EXPECT_EQ(messages_query(list), want);
  EXPECT_EQ(messages_query({.account = kAccount}).target, kPath + "/Messages.json?PageSize=50");
}

TEST(ApiQueries, NameOneThing) {
  const MessageSid message{"SM00000000000000000000000000000001"};
  const ContentSid content{"HX00000000000000000000000000000001"};
  const ServiceSid service{"MG00000000000000000000000000000001"};
  EXPECT_EQ(message_query(kAccount, message).target, kPath + "/Messages/" + message.text + ".json");
  EXPECT_EQ(contents_query(500),
            (ApiQuery{"content.twilio.com", "/v1/ContentAndApprovals?PageSize=500"}));
  EXPECT_EQ(content_query(content).target, "/v1/Content/" + content.text);
  EXPECT_EQ(approvals_query(content).target, "/v1/Content/" + content.text + "/ApprovalRequests");
  EXPECT_EQ(senders_query(SenderList::PhoneNumbers, kAccount, {}).target,
            kPath + "/IncomingPhoneNumbers.json?PageSize=1000");
  EXPECT_EQ(
      senders_query(SenderList::WhatsAppSenders, kAccount, {}),
      (ApiQuery{"messaging.twilio.com", "/v2/Channels/Senders?Channel=whatsapp&PageSize=1000"}));
  EXPECT_EQ(senders_query(SenderList::ServicePool, kAccount, service),
            (ApiQuery{"messaging.twilio.com",
                      "/v1/Services/" + service.text + "/ChannelSenders?PageSize=1000"}));
}

TEST(ApiQueries, LetNoSidLeadElsewhere) {
  EXPECT_EQ(content_query(ContentSid{"../x?y"}).target, "/v1/Content/..%2Fx%3Fy");
}

TEST(SenderAnswers, AreReadFromEachList) {
  const auto numbers = read_senders(
      SenderList::PhoneNumbers,
      R"({"incoming_phone_numbers": [{"phone_number": "+14155550100"}, {"phone_number": 7}, 1],)"
      R"( "next_page_uri": null})");
  ASSERT_TRUE(numbers.has_value());
  EXPECT_EQ(numbers->addresses, std::vector<std::string>{"+14155550100"});
  EXPECT_EQ(numbers->next, std::nullopt);

  const auto whatsapp =
      read_senders(SenderList::WhatsAppSenders,
                   R"({"senders": [{"sid": "XE1", "sender_id": "whatsapp:+14155550100"}],)"
                   R"( "meta": {"next_page_url": "https://messaging.twilio.com/v2/x"}})");
  ASSERT_TRUE(whatsapp.has_value());
  EXPECT_EQ(whatsapp->addresses, std::vector<std::string>{"whatsapp:+14155550100"});
  EXPECT_EQ(whatsapp->next, "https://messaging.twilio.com/v2/x");

  const auto pool =
      read_senders(SenderList::ServicePool,
                   R"({"senders": [{"sender": "whatsapp:+14155550100"}, {"sender": "rcs:acme"}],)"
                   R"( "meta": {"next_page_url": null}})");
  ASSERT_TRUE(pool.has_value());
  EXPECT_EQ(pool->addresses, (std::vector<std::string>{"whatsapp:+14155550100", "rcs:acme"}));
  EXPECT_EQ(pool->next, std::nullopt);
}

TEST(SenderAnswers, AreBadRepliesIfTheyAreNone) {
  for (const std::string_view text : {"", "{}", "[]", R"({"senders": {}})", "{\"senders\": [}"}) {
    const auto read = read_senders(SenderList::ServicePool, text);
    ASSERT_FALSE(read.has_value()) << text;
    EXPECT_EQ(read.error().code, Errc::BadReply);
  }
}

struct LinkCase {
  std::string_view name;
  std::string_view link;
  std::optional<std::string> want;
};

class PageTarget : public testing::TestWithParam<LinkCase> {};

TEST_P(PageTarget, StaysOnItsHost) {
  const auto target = page_target(GetParam().link, "content.twilio.com");
  EXPECT_EQ(target.has_value() ? std::optional(*target) : std::nullopt, GetParam().want);
  if (!target) {
    EXPECT_EQ(target.error().code, Errc::BadReply);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, PageTarget,
    testing::ValuesIn(std::vector<LinkCase>{
        {"Relative", "/v1/Content?Page=1&PageToken=PAHX", "/v1/Content?Page=1&PageToken=PAHX"},
        {"Absolute", "https://content.twilio.com/v1/Content?Page=1", "/v1/Content?Page=1"},
        {"OtherLetterCase", "https://Content.Twilio.com/v1/Content", "/v1/Content"},
        {"WithPort", "https://content.twilio.com:443/v1/Content", "/v1/Content"},
        {"OtherPort", "https://content.twilio.com:8443/v1/Content", std::nullopt},
        {"OtherHost", "https://evil.example/v1/Content", std::nullopt},
        {"OtherProduct", "https://api.twilio.com/v1/Content", std::nullopt},
        {"HostAsPrefix", "https://content.twilio.com.evil.example/", std::nullopt},
        {"HostAsUser", "https://content.twilio.com@evil.example/", std::nullopt},
        {"WithUser", "https://a:b@content.twilio.com/v1", std::nullopt},
        {"InTheClear", "http://content.twilio.com/v1/Content", std::nullopt},
        {"NoScheme", "//evil.example/v1", std::nullopt},
        {"TwoSlashesOnTheHost", "https://content.twilio.com//evil.example", std::nullopt},
        {"NoPath", "https://content.twilio.com", std::nullopt},
        {"NoLink", "v1/Content", std::nullopt},
        {"Empty", "", std::nullopt},
        {"LineBreak", "/v1/Content\r\nX: y", std::nullopt},
        {"Space", "/v1/Content HTTP/1.1", std::nullopt},
        {"Backslash", "/\\evil.example", std::nullopt},
        {"Fragment", "/v1/Content#x", std::nullopt},
    }),
    test::case_name);

}  // namespace
}  // namespace twindow::wire
