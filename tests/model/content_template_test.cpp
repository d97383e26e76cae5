// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/content_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow {
namespace {

struct SplitCase {
  std::string_view name;
  std::string_view text;
  std::vector<TemplatePiece> want;
};

class SplitTemplate : public testing::TestWithParam<SplitCase> {};

TEST_P(SplitTemplate, FindsHolesAndTheTextBetween) {
  EXPECT_EQ(split_template(GetParam().text), GetParam().want);
}

constexpr bool kHole = true;
constexpr bool kText = false;

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, SplitTemplate, testing::ValuesIn(std::vector<SplitCase>{
    {"Empty", "", {}},
    {"NoHole", "Hi there", {{kText, "Hi there"}}},
    {"OneInTheMiddle", "Hi {{1}}!", {{kText, "Hi "}, {kHole, "1"}, {kText, "!"}}},
    {"AtTheEnds", "{{1}} and {{2}}", {{kHole, "1"}, {kText, " and "}, {kHole, "2"}}},
    {"SideBySide", "{{1}}{{2}}", {{kHole, "1"}, {kHole, "2"}}},
    {"Named", "Hi {{first_name}}", {{kText, "Hi "}, {kHole, "first_name"}}},
    {"SixteenCharacters", "{{abcdefghijklmnop}}", {{kHole, "abcdefghijklmnop"}}},
    {"SeventeenCharacters", "{{abcdefghijklmnopq}}", {{kText, "{{abcdefghijklmnopq}}"}}},
    {"WithASpace", "{{ 1 }}", {{kText, "{{ 1 }}"}}},
    {"Nameless", "a {{}} b", {{kText, "a {{}} b"}}},
    {"OneBraceShort", "a {{1} b", {{kText, "a {{1} b"}}},
    {"Unclosed", "a {{1", {{kText, "a {{1"}}},
    {"AThirdBrace", "{{{1}}}", {{kText, "{"}, {kHole, "1"}, {kText, "}"}}},
    {"BrokenThenWhole", "{{a {{1}}", {{kText, "{{a "}, {kHole, "1"}}},
}), test::case_name);
// clang-format on

TEST(Placeholders, AreThoseOfAllTextsOnce) {
  const ContentTemplate content{.sid = {},
                                .body = "Hi {{name}}, {{2}} and {{name}}",
                                .other_texts = {"https://x/{{id}}", "{{2}}"}};
  EXPECT_THAT(placeholders(content), testing::ElementsAre("name", "2", "id"));
}

TEST(FillTemplate, TakesValuesThenSamplesThenLeavesTheHole) {
  EXPECT_EQ(fill_template("{{1}}, {{2}}, {{3}}", {{"1", "a"}}, {{"1", "x"}, {"2", "b"}}),
            "a, b, {{3}}");
  EXPECT_EQ(fill_template("{{1}}", {{"1", "first"}, {"1", "last"}}, {}), "last");
  EXPECT_EQ(fill_template("{{1}}", {{"1", "{{2}}"}, {"2", "no"}}, {}), "{{2}}");
}

TEST(TemplateStatus, IsReadBackAsItWasWritten) {
  using enum TemplateStatus;
  for (const auto status : {Unsubmitted, Received, Pending, Approved, Rejected, Paused, Disabled}) {
    EXPECT_EQ(parse_template_status(to_text(status)), status);
  }
  EXPECT_EQ(parse_template_status("Approved"), std::nullopt);
  EXPECT_EQ(parse_template_status(""), std::nullopt);
}

TEST(SessionType, IsAllButThoseThatNeedAnApproval) {
  EXPECT_TRUE(is_session_type("twilio/text"));
  EXPECT_TRUE(is_session_type("twilio/list-picker"));
  EXPECT_FALSE(is_session_type("twilio/carousel"));
  EXPECT_FALSE(is_session_type("whatsapp/authentication"));
}

}  // namespace
}  // namespace twindow
