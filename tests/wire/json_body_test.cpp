// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/json_body.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

TEST(JsonBody, ReadsAFlatObjectAsAForm) {
  const auto form = parse_json_object_as_form(
      R"({"To":"+15558675310", "n":3, "neg":-2, "price":1.50, "yes":true, "no":false,)"
      R"( "gone":null, "Body":"Zo\u00eb", "To":"again"})",
      64);
  ASSERT_TRUE(form.has_value()) << form.error().detail;
  EXPECT_EQ(form->params(), (std::vector<Param>{{"To", "+15558675310"},
                                                {"n", "3"},
                                                {"neg", "-2"},
                                                {"price", "1.50"},
                                                {"yes", "true"},
                                                {"no", "false"},
                                                {"Body", "Zoë"},
                                                {"To", "again"}}));
}

TEST(JsonBody, MayBeEmpty) {
  const auto form = parse_json_object_as_form(" {} ", 64);
  ASSERT_TRUE(form.has_value());
  EXPECT_TRUE(form->params().empty());
}

struct Case {
  std::string_view name;
  std::string text;
  std::string_view detail;
};

class BadJsonBody : public testing::TestWithParam<Case> {};

TEST_P(BadJsonBody, SaysWhatWasExpected) {
  const auto form = parse_json_object_as_form(GetParam().text, 64);
  ASSERT_FALSE(form.has_value());
  EXPECT_EQ(form.error().code, Errc::BadInput);
  EXPECT_EQ(form.error().detail, GetParam().detail);
}

constexpr std::string_view kFlat = "\"a\": expected a string, a number, true, false or null";

INSTANTIATE_TEST_SUITE_P(
    Table, BadJsonBody,
    testing::ValuesIn(std::vector<Case>{
        {"Empty", "", "position 1: expected JSON"},
        {"Form", "To=x", "position 1: expected JSON"},
        {"Tail", "{} {}", "position 4: expected JSON"},
        {"Comment", "/*x*/{}", "position 1: expected JSON"},
        {"InvalidUtf8", "{\"a\":\"\xff\"}", "position 7: expected JSON"},
        {"List", "[1]", "expected a JSON object"},
        {"String", "\"a\"", "expected a JSON object"},
        {"Null", "null", "expected a JSON object"},
        {"NestedObject", R"({"a":{"b":1}})", kFlat},
        {"NestedList", R"({"a":[]})", kFlat},
        {"VeryDeep", R"({"a":)" + std::string(1'000'000, '['), kFlat},
        {"DeepWithoutKey", std::string(1'000'000, '['), "expected a JSON object"},
        {"Nul", R"({"a":"x\u0000y"})", "expected text, found a NUL in the member \"a\""},
    }),
    test::case_name);

TEST(JsonBody, RefusesEvenTheObjectAtDepthZero) {
  EXPECT_FALSE(parse_json_object_as_form("{}", 0).has_value());
}

}  // namespace
}  // namespace twindow::wire
