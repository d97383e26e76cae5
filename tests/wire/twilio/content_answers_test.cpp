// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/content_answers.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

const std::string kSid = "HX0123456789abcdef0123456789abcdef";

std::string content(const std::string& types, const std::string& more = "") {
  return R"({"language": "es", "sid": ")" + kSid +
         R"(", "friendly_name": "order_update", "variables": {"1": "Ana", "2": 42, "3": null},)" +
         R"( "types": )" + types + more + "}";
}

const std::string kText = R"({"twilio/text": {"body": "Hola {{1}}, {{2}}."}})";
const std::string kApproved =
    R"(, "approval_requests": {"name": "order", "category": "UTILITY", "status": "approved",)"
    R"( "content_type": "twilio/text", "rejection_reason": ""})";

std::string list_of(const std::string& contents, const std::string& next = "null") {
  return R"({"contents": [)" + contents + R"(], "meta": {"page": 0, "next_page_url": )" + next +
         "}}";
}

TEST(ContentAnswers, ReadContentsAndApprovals) {
  const auto list = read_contents(
      list_of(content(kText, kApproved), "\"https://content.twilio.com/v1/x?PageToken=a\""));
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(list->next, "https://content.twilio.com/v1/x?PageToken=a");
  EXPECT_EQ(list->unread, 0u);
  const ContentTemplate want{.sid = ContentSid{kSid},
                             .name = "order_update",
                             .language = "es",
                             .category = "UTILITY",
                             .status = TemplateStatus::Approved,
                             .type = "twilio/text",
                             .body = "Hola {{1}}, {{2}}.",
                             .samples = {{"1", "Ana"}, {"2", "42"}}};
  ASSERT_EQ(list->templates.size(), 1u);
  EXPECT_EQ(list->templates.front(), want);
}

struct StatusCase {
  std::string_view name;
  std::string approvals;  // what stands behind "types"
  TemplateStatus want;
};

class Approval : public testing::TestWithParam<StatusCase> {};

TEST_P(Approval, IsReadFromTheList) {
  const auto list = read_contents(list_of(content(kText, GetParam().approvals)));
  ASSERT_TRUE(list.has_value());
  ASSERT_EQ(list->templates.size(), 1u);
  EXPECT_EQ(list->templates.front().status, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Approval,
    testing::ValuesIn(std::vector<StatusCase>{
        {"None", "", TemplateStatus::Unsubmitted},
        {"Null", R"(, "approval_requests": null)", TemplateStatus::Unsubmitted},
        {"Empty", R"(, "approval_requests": {})", TemplateStatus::Unsubmitted},
        {"Paused", R"(, "approval_requests": {"status": "paused"})", TemplateStatus::Paused},
        {"ByChannel", R"(, "approval_requests": {"whatsapp": {"status": "approved"}})",
         TemplateStatus::Approved},
        {"NotKnown", R"(, "approval_requests": {"status": "blessed"})",
         TemplateStatus::Unsubmitted},
        {"NoText", R"(, "approval_requests": {"status": true})", TemplateStatus::Unsubmitted},
        {"OtherCase", R"(, "approval_requests": {"status": "APPROVED"})",
         TemplateStatus::Unsubmitted},
    }),
    test::case_name);

struct TypeCase {
  std::string_view name;
  std::string types;
  std::string submitted;
  std::string type;
  std::string body;
  std::vector<std::string> others = {};
  bool has_media = false;
};

class ContentType : public testing::TestWithParam<TypeCase> {};

TEST_P(ContentType, IsTheOneThatWhatsAppShows) {
  const TypeCase& row = GetParam();
  const auto read = read_content(content(row.types), R"({"whatsapp": {"status": "pending",
      "content_type": ")" + row.submitted + R"("}})");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->status, TemplateStatus::Pending);
  EXPECT_EQ(read->type, row.type);
  EXPECT_EQ(read->body, row.body);
  EXPECT_EQ(read->other_texts, row.others);
  EXPECT_EQ(read->has_media, row.has_media);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ContentType,
    testing::ValuesIn(std::vector<TypeCase>{
        {"Text", kText, "twilio/text", "twilio/text", "Hola {{1}}, {{2}}."},
        {"TheSubmittedOne",
         R"({"twilio/text": {"body": "a"}, "twilio/quick-reply": {"body": "b", "actions": []}})",
         "twilio/text", "twilio/text", "a"},
        {"TheRichest",
         R"({"twilio/text": {"body": "a"}, "twilio/quick-reply": {"body": "b", "actions": []}})",
         "", "twilio/quick-reply", "b"},
        {"WhatsAppsOwn", R"({"twilio/card": {"title": "a"}, "whatsapp/card": {"body": "b"}})",
         "x/y", "whatsapp/card", "b"},
        {"Buttons",
         R"({"twilio/call-to-action": {"body": "Go {{1}}", "actions": [)"
         R"({"type": "URL", "title": "See", "url": "https://a.example/{{2}}"}]}})",
         "",
         "twilio/call-to-action",
         "Go {{1}}",
         {"https://a.example/{{2}}"}},
        {"Card",
         R"({"twilio/card": {"body": null, "title": "Hi {{1}}", "subtitle": "{{2}}",)"
         R"( "media": ["https://a.example/{{3}}.png"]}})",
         "",
         "twilio/card",
         "Hi {{1}}",
         {"https://a.example/{{3}}.png", "{{2}}"},
         true},
        {"Media",
         R"({"twilio/media": {"body": "", "media": ["https://a.example/b.png"]}})",
         "",
         "twilio/media",
         "",
         {},
         true},
        {"NoMedia", R"({"twilio/card": {"title": "a", "media": []}})", "", "twilio/card", "a"},
        {"Carousel",
         R"({"twilio/carousel": {"body": "b", "cards": [{"title": "{{1}}", "media": "u"}]}})",
         "",
         "twilio/carousel",
         "b",
         {"{{1}}"},
         true},
        {"Nothing", "{}", "", "", ""},
        {"FieldsOfNoObject", R"({"twilio/text": "Hi"})", "", "twilio/text", ""},
        {"NoObject", "7", "", "", ""},
    }),
    test::case_name);

TEST(ContentAnswers, WithoutApprovalsAreUnsubmitted) {
  const auto read = read_content(content(kText), "");
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->status, TemplateStatus::Unsubmitted);
  EXPECT_EQ(read->category, "");
}

TEST(ContentAnswers, CountRecordsThatAreNone) {
  const auto list = read_contents(list_of(R"(null, 7, {}, {"sid": "HX"}, )" + content(kText)));
  ASSERT_TRUE(list.has_value());
  EXPECT_EQ(list->templates.size(), 1u);
  EXPECT_EQ(list->unread, 4u);
}

TEST(ContentAnswers, AreBadRepliesIfTheyAreNone) {
  for (const std::string text : {"", "[]", "{}", "null", R"({"contents": 7})", "{\"contents\": [}",
                                 R"({"contents": "x"})"}) {
    EXPECT_FALSE(read_contents(text).has_value()) << text;
    EXPECT_FALSE(read_content(text, "").has_value()) << text;
  }
  EXPECT_FALSE(read_content(content(kText), "<html>").has_value());
  const std::string deep = std::string(80, '[') + std::string(80, ']');
  EXPECT_FALSE(read_contents(list_of(deep)).has_value());
  EXPECT_FALSE(read_content(content(deep), "").has_value());
}

}  // namespace
}  // namespace twindow::wire
