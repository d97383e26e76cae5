// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/message_answers.h"

#include <gtest/gtest.h>

#include "twindow/wire/time_text.h"

#include "tests/support/case_name.h"
#include "tests/support/golden.h"

namespace twindow::wire {
namespace {

const std::string kInbound =
    R"({"sid": "SM00000000000000000000000000000001", "direction": "inbound",  "status": "received",)"
    R"( "from": "whatsapp:+5215512345678", "to": "whatsapp:+14155550100", "body": "hola \u00e1]}",)"
    R"( "num_media": "2", "error_code": null, "messaging_service_sid": null,)"
    R"( "date_created": "Mon, 05 Jan 2026 09:00:00 +0000",)"
    R"( "date_sent": "Mon, 05 Jan 2026 09:00:01 +0000", "price": -0.00750})";

std::string list_of(const std::string& records, const std::string& next = "null") {
  return R"({"first_page_uri": "/x", "end": 1, "messages": [)" + records +
         R"(], "page": 0, "next_page_uri": )" + next + "}";
}

TEST(MessageAnswers, ReadAMessage) {
  const auto message = read_message(kInbound);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->sid.text, "SM00000000000000000000000000000001");
  EXPECT_EQ(message->direction, Direction::Inbound);
  EXPECT_EQ(message->status, MessageStatus::Received);
  EXPECT_EQ(message->from, "whatsapp:+5215512345678");
  EXPECT_EQ(message->to, "whatsapp:+14155550100");
  EXPECT_EQ(message->body, "hola \u00e1]}");
  EXPECT_EQ(message->num_media, 2);
  EXPECT_EQ(message->error_code, std::nullopt);
  EXPECT_EQ(message->service, std::nullopt);
  EXPECT_EQ(message->created, parse_time("2026-01-05T09:00:00Z"));
  EXPECT_EQ(message->sent, parse_time("2026-01-05T09:00:01Z"));
  EXPECT_EQ(message->json, kInbound);
}

TEST(MessageAnswers, ReadWhatWeWrite) {
  const auto created = read_message(test::read_fixture("twilio/message_created.json"));
  ASSERT_TRUE(created.has_value());
  EXPECT_EQ(created->status, MessageStatus::Queued);
  EXPECT_EQ(created->sent, std::nullopt);
  const auto undelivered = read_message(test::read_fixture("twilio/message_undelivered.json"));
  ASSERT_TRUE(undelivered.has_value());
  EXPECT_EQ(undelivered->status, MessageStatus::Undelivered);
  EXPECT_EQ(undelivered->error_code, 63016);
  const auto list = read_messages(test::read_fixture("twilio/message_list.json"));
  ASSERT_TRUE(list.has_value());
  EXPECT_FALSE(list->messages.empty());
  EXPECT_EQ(list->unread, 0u);
}

TEST(MessageAnswers, OfACreateNeedASidAndAStatus) {
  const auto made = read_made_message(test::read_fixture("twilio/message_created.json"));
  const auto whole = read_message(test::read_fixture("twilio/message_created.json"));
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->sid, whole->sid);
  EXPECT_EQ(made->status, MessageStatus::Queued);
  for (const std::string json :
       {R"({"status":"queued"})", R"({"sid":"SM00000000000000000000000000000001"})",
        R"({"sid":"SM1","status":"queued"})", "[]", "<xml/>", "",
        R"({"sid":"SM00000000000000000000000000000001","status":"new to us"})",
        R"({"inner":{"sid":"SM00000000000000000000000000000001","status":"queued"}})"}) {
    const auto none = read_made_message(json);
    ASSERT_FALSE(none.has_value()) << json;
    EXPECT_EQ(none.error().code, Errc::BadReply);
  }
}

TEST(MessageAnswers, OfAServiceHaveNoSenderAtFirst) {
  const auto message = read_message(
      R"({"sid":"SM00000000000000000000000000000001","direction":"outbound-api","status":"accepted",)"
      R"("from":null,"to":"whatsapp:+525512345678","error_code":63016,)"
      R"("messaging_service_sid":"MG00000000000000000000000000000001",)"
      R"("date_created":"Mon, 05 Jan 2026 09:00:00 +0000","date_sent":null})");
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->from, "");
  EXPECT_EQ(message->body, "");
  EXPECT_EQ(message->service, ServiceSid{"MG00000000000000000000000000000001"});
  EXPECT_EQ(message->error_code, 63016);
  EXPECT_EQ(message->sent, std::nullopt);
}

TEST(MessageAnswers, KeepEachRecordAsItIsWritten) {
  const std::string spaced = "\n " + kInbound + " ";
  const auto list = read_messages(list_of(spaced + "\t,\r\n" + kInbound, "\"/next?a=b\""));
  ASSERT_TRUE(list.has_value());
  ASSERT_EQ(list->messages.size(), 2u);
  EXPECT_EQ(list->messages[0].json, kInbound);
  EXPECT_EQ(list->messages[1].json, kInbound);
  EXPECT_EQ(list->next, "/next?a=b");
}

TEST(MessageAnswers, CountWhatTheyCannotRead) {
  const auto list = read_messages(list_of(R"({}, 7, "x", [{"a": "]"}], )" + kInbound));
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(list->messages.size(), 1u);
  EXPECT_EQ(list->unread, 4u);
  EXPECT_EQ(list->next, std::nullopt);
}

TEST(MessageAnswers, OfAnEmptyListAreNone) {
  const auto list = read_messages(list_of(" "));
  ASSERT_TRUE(list.has_value());
  EXPECT_TRUE(list->messages.empty());
  EXPECT_EQ(list->unread, 0u);
}

TEST(MessageAnswers, TakeTheLastOfRepeatedKeys) {
  const auto list = read_messages(R"({"messages": [1, 2], "messages": []})");
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(list->unread, 0u);
}

struct BadCase {
  std::string_view name;
  std::string text;
};

class BadLists : public testing::TestWithParam<BadCase> {};

TEST_P(BadLists, AreBadReplies) {
  const auto list = read_messages(GetParam().text);
  ASSERT_FALSE(list.has_value());
  EXPECT_EQ(list.error().code, Errc::BadReply);
  EXPECT_FALSE(read_message(GetParam().text).has_value());
}

INSTANTIATE_TEST_SUITE_P(Table, BadLists,
                         testing::ValuesIn(std::vector<BadCase>{
                             {"Nothing", ""},
                             {"Html", "<html>502</html>"},
                             {"CutOff", list_of(kInbound).substr(0, 60)},
                             {"Text", "\"messages\""},
                             {"Array", "[]"},
                             {"NoList", R"({"messages": null})"},
                             {"ListOfNoArray", R"({"messages": {"0": {}}})"},
                             {"Error",
                              R"({"code": 20003, "message": "Authenticate", "status": 401})"},
                             {"Trailing", list_of(kInbound) + "x"},
                             {"Unclosed", R"({"messages": ["a)"},
                             {"NotUtf8", "{\"messages\": [\"\xff\"]}"},
                             {"TooDeep", list_of(std::string(70, '[') + std::string(70, ']'))},
                             {"MuchTooDeep", std::string(1'000'000, '[')},
                         }),
                         test::case_name);

TEST(MessageAnswers, MayNestToTheLimit) {
  const auto list = read_messages(list_of(std::string(62, '[') + std::string(62, ']')));
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(list->unread, 1u);
}

TEST(MessageAnswers, NeedWhatMakesAMessage) {
  for (const std::string_view key : {"sid", "status", "direction", "to", "date_created"}) {
    std::string text = kInbound;
    text.replace(text.find("\"" + std::string(key) + "\""), 2, "\"x");
    EXPECT_FALSE(read_message(text).has_value()) << key;
  }
}

TEST(ErrorCode, IsThatOfTheBody) {
  EXPECT_EQ(read_error_code(R"({"code": 20003, "message": "Authenticate"})"), 20003);
  EXPECT_EQ(read_error_code(R"({"code": "20003"})"), 20003);
  EXPECT_EQ(read_error_code(R"({"code": -1})"), std::nullopt);
  EXPECT_EQ(read_error_code(R"({"code": 1e300})"), std::nullopt);
  EXPECT_EQ(read_error_code(R"({"code": 99999999999999999999})"), std::nullopt);
  EXPECT_EQ(read_error_code("<html>"), std::nullopt);
  EXPECT_EQ(read_error_code(""), std::nullopt);
}

}  // namespace
}  // namespace twindow::wire
