// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_list.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/case_name.h"
#include "tests/support/golden.h"
#include "tests/wire/twilio/sample_message.h"

namespace twindow::wire {
namespace {

using namespace std::chrono_literals;
using namespace test_data;

Time day(int month, int number) {
  return std::chrono::sys_days(std::chrono::year(2026) / month / number);
}

ListQuery query_of(std::string_view text) {
  const auto query = parse_list_query(text);
  EXPECT_TRUE(query.has_value()) << text;
  return query.value_or(ListQuery());
}

TEST(ListQuery, IsTheFirstFiftyByDefault) {
  const ListQuery query = query_of("");
  EXPECT_EQ(query.page.limit, 50u);
  EXPECT_EQ(query.page_number, 0u);
  EXPECT_EQ(query.page.older_than, std::nullopt);
  EXPECT_EQ(query.page.newer_than, std::nullopt);
  EXPECT_EQ(query.filter.to, std::nullopt);
  EXPECT_EQ(query.filter.sent_from, std::nullopt);
  EXPECT_EQ(query.echoed_filters, "");
}

TEST(ListQuery, KnowsBothAddresses) {
  const ListQuery query = query_of("To=%2B15558675310&From=whatsapp%3A%2B14155238886&X=1&To=");
  EXPECT_EQ(query.filter.to, "+15558675310");
  EXPECT_EQ(query.filter.from, "whatsapp:+14155238886");
  EXPECT_EQ(query.echoed_filters, "To=%2B15558675310&From=whatsapp%3A%2B14155238886");
}

TEST(ListQuery, NormalizesAnAddressAsASendDoes) {
  EXPECT_EQ(query_of("To=+15558675310").filter.to, "+15558675310") << "'+' decoded to a space";
  EXPECT_EQ(query_of("From=ACME").filter.from, "ACME");
  EXPECT_EQ(query_of("To=22395").filter.to, "22395");
  EXPECT_EQ(query_of("To=nonsense").filter.to, "nonsense");
}

struct TimeCase {
  std::string_view name;
  std::string_view query;
  std::optional<Time> from;
  std::optional<Time> before;
};

class ListQueryTimes : public testing::TestWithParam<TimeCase> {};

TEST_P(ListQueryTimes, BoundTheDateSent) {
  const ListQuery query = query_of(GetParam().query);
  EXPECT_EQ(query.filter.sent_from, GetParam().from);
  EXPECT_EQ(query.filter.sent_before, GetParam().before);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ListQueryTimes,
    testing::ValuesIn(std::vector<TimeCase>{
        {"Day", "DateSent=2026-01-02", day(1, 2), day(1, 3)},
        {"DayAsTheSdksWriteIt", "DateSent=2026-01-02T00%3A00%3A00Z", day(1, 2), day(1, 3)},
        {"DayOn", "DateSent%3E=2026-01-02", day(1, 2), {}},
        {"DayUntil", "DateSent%3C=2026-01-02", {}, day(1, 3)},
        {"LiteralOn", "DateSent>=2026-01-02", day(1, 2), {}},
        {"LiteralUntil", "DateSent<=2026-01-02", {}, day(1, 3)},
        {"LowerCaseEscape", "DateSent%3e=2026-01-02", day(1, 2), {}},
        {"Instant", "DateSent=2026-01-02T03:00:00Z", day(1, 2) + 3h, day(1, 2) + 3h + 1s},
        {"InstantOn",
         "DateSent%3E=2030-01-02T00%3A00%3A00Z",
         day(1, 2) + (std::chrono::sys_days(std::chrono::year(2030) / 1 / 1) -
                      std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)),
         {}},
        {"InstantUntil", "DateSent<=2026-01-02T03:00:00.5Z", {}, day(1, 2) + 3h + 1s},
        {"Range", "DateSent>=2026-01-02&DateSent<=2026-01-04", day(1, 2), day(1, 5)},
        {"AllThree", "DateSent=2026-01-03&DateSent>=2026-01-02&DateSent<=2026-01-04", day(1, 3),
         day(1, 4)},
        {"Disjoint", "DateSent>=2026-02-01&DateSent<=2026-01-01", day(2, 1), day(1, 2)},
        {"Rfc2822", "DateSent%3E=Fri%2C+02+Jan+2026+00%3A00%3A00+-0000", day(1, 2), {}},
        {"Empty", "DateSent=&DateSent%3E=", {}, {}},
    }),
    test::case_name);

TEST(ListQuery, BeginsBehindATokensMessage) {
  const ListQuery query = query_of("PageSize=2&Page=3&PageToken=PA" + sid_of(7).text);
  EXPECT_EQ(query.page.limit, 2u);
  EXPECT_EQ(query.page_number, 3u);
  EXPECT_EQ(query.page.older_than, sid_of(7));
  EXPECT_EQ(query.page.newer_than, std::nullopt);
  EXPECT_EQ(query_of("PageToken=PB" + sid_of(7, "MM").text).page.newer_than, sid_of(7, "MM"));
}

TEST(ListQuery, IgnoresAPageWithoutToken) { EXPECT_EQ(query_of("Page=3").page_number, 0u); }

struct BadCase {
  std::string_view name;
  std::string text;
  Errc want;
};

class BadListQuery : public testing::TestWithParam<BadCase> {};

TEST_P(BadListQuery, IsRefused) {
  const auto query = parse_list_query(GetParam().text);
  ASSERT_FALSE(query.has_value());
  EXPECT_EQ(query.error().code, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadListQuery,
    testing::ValuesIn(std::vector<BadCase>{
        {"PageSize1001", "PageSize=1001", Errc::PageSizeTooLarge},
        {"PageSizeHuge", "PageSize=99999999999999999999", Errc::PageSizeTooLarge},
        {"PageSize0", "PageSize=0", Errc::InvalidParameter},
        {"PageSizeWords", "PageSize=all", Errc::InvalidParameter},
        {"PageSizeNegative", "PageSize=-1", Errc::InvalidParameter},
        {"PageWords", "Page=first", Errc::InvalidParameter},
        {"PageNegative", "Page=-1", Errc::InvalidParameter},
        {"PageHuge", "Page=4294967296", Errc::InvalidParameter},
        {"TokenWords", "PageToken=next", Errc::InvalidPageToken},
        {"TokenShort", "PageToken=P", Errc::InvalidPageToken},
        {"TokenKind", "PageToken=PC" + sid_of(1).text, Errc::InvalidPageToken},
        {"TokenOfAService", "PageToken=PA" + kService.text, Errc::InvalidPageToken},
        {"Date", "DateSent=yesterday", Errc::InvalidParameter},
        {"DateOn", "DateSent%3E=2026-02-30", Errc::InvalidParameter},
        {"Escape", "To=%zz", Errc::InvalidParameter},
    }),
    test::case_name);

MessagePage page_of(std::initializer_list<int> sids, bool more_older, bool more_newer) {
  MessagePage page{.messages = {}, .more_older = more_older, .more_newer = more_newer};
  for (const int n : sids) {
    page.messages.push_back(sms());
    page.messages.back().sid = sid_of(n);
  }
  return page;
}

TEST(MessageList, IsTheFlatEnvelope) {
  test::expect_golden("twilio/message_list.json",
                      message_list_json(kAccount, query_of("To=%2B15558675310&PageSize=2"),
                                        page_of({3, 2}, true, false)));
}

TEST(MessageList, HasExactlyTheNineKeys) {
  const auto json =
      nlohmann::json::parse(message_list_json(kAccount, ListQuery(), page_of({}, false, false)));
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  EXPECT_EQ(keys,
            (std::vector<std::string>{"end", "first_page_uri", "messages", "next_page_uri", "page",
                                      "page_size", "previous_page_uri", "start", "uri"}));
  EXPECT_EQ(json.at("start"), 0);
  EXPECT_EQ(json.at("end"), 0);
  EXPECT_EQ(json.at("next_page_uri"), nullptr);
  EXPECT_EQ(json.at("messages"), nlohmann::json::array());
}

TEST(MessageList, LinksToItsNeighbours) {
  const std::string base = "/2010-04-01/Accounts/" + kAccount.text +
                           "/Messages.json?DateSent%3E=2023-01-02&PageSize=2&Page=";
  const auto query =
      query_of("PageSize=2&DateSent>=2023-01-02&Page=1&PageToken=PA" + sid_of(4).text);
  const auto json =
      nlohmann::json::parse(message_list_json(kAccount, query, page_of({3, 2}, true, true)));
  EXPECT_EQ(json.at("page"), 1);
  EXPECT_EQ(json.at("start"), 2);
  EXPECT_EQ(json.at("end"), 3);
  EXPECT_EQ(json.at("first_page_uri"), base + "0");
  EXPECT_EQ(json.at("uri"), base + "1&PageToken=PA" + sid_of(4).text);
  EXPECT_EQ(json.at("next_page_uri"), base + "2&PageToken=PA" + sid_of(2).text);
  EXPECT_EQ(json.at("previous_page_uri"), base + "0&PageToken=PB" + sid_of(3).text);
}

TEST(MessageList, ReadsItsOwnLinks) {
  const auto json = nlohmann::json::parse(
      message_list_json(kAccount, query_of("From=whatsapp%3A%2B14155238886&DateSent=2023-08-24"),
                        page_of({3, 2}, true, false)));
  const std::string next = json.at("next_page_uri");
  const ListQuery query = query_of(std::string_view(next).substr(next.find('?') + 1));
  EXPECT_EQ(query.filter.from, "whatsapp:+14155238886");
  EXPECT_TRUE(query.filter.sent_from && query.filter.sent_before);
  EXPECT_EQ(query.page.older_than, sid_of(2));
  EXPECT_EQ(query.page_number, 1u);
}

}  // namespace
}  // namespace twindow::wire
