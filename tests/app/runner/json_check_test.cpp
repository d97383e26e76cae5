// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/json_check.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::app {
namespace {

const Json kAnswer =
    Json::parse(R"({"state": "undelivered", "code": 63016, "tries": [1, {"at": "x"}],
  "a name": {"b": null}, "empty": ""})");

struct PathCase {
  const char* path;
  const char* value;  // null: there is none
};
class Paths : public testing::TestWithParam<PathCase> {};
TEST_P(Paths, NameOneValue) {
  const auto found = value_at(kAnswer, GetParam().path);
  ASSERT_TRUE(found) << found.error();
  EXPECT_EQ(shown_json(*found), GetParam().value == nullptr ? "nothing" : GetParam().value);
}
INSTANTIATE_TEST_SUITE_P(
    All, Paths,
    testing::Values(PathCase{"$.state", R"("undelivered")"}, PathCase{"$.tries[0]", "1"},
                    PathCase{"$.tries[-1].at", R"("x")"}, PathCase{"$['a name'].b", "null"},
                    PathCase{R"($["a name"]["b"])", "null"}, PathCase{"$.tries[2]", nullptr},
                    PathCase{"$.nothing.more", nullptr}, PathCase{"$.state.more", nullptr},
                    PathCase{"$.state[0]", nullptr}, PathCase{"$.tries.at", nullptr}));

TEST(Paths, OfAnotherFormSayWhatIsExpected) {
  for (const char* path : {"state", "$state", "$.", "$..state", "$.tries[x]", "$.tries[", "$['a"}) {
    EXPECT_FALSE(value_at(kAnswer, path)) << path;
  }
}

struct UnmetCase {
  const char* path;
  const char* expectation;
  const char* expected;  // null: it is met
};
class Unmet : public testing::TestWithParam<UnmetCase> {};
TEST_P(Unmet, SaysWhatWasExpected) {
  const auto found = value_at(kAnswer, GetParam().path);
  ASSERT_TRUE(found);
  const auto expected = unmet(*found, Json::parse(GetParam().expectation));
  EXPECT_EQ(expected.value_or("met"), GetParam().expected == nullptr ? "met" : GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(
    All, Unmet,
    testing::Values(
        UnmetCase{"$.state", R"("undelivered")", nullptr},
        UnmetCase{"$.state", R"("sent")", R"("sent")"}, UnmetCase{"$.code", "63016", nullptr},
        UnmetCase{"$.code", R"("63016")", nullptr}, UnmetCase{"$.code", "63018", "63018"},
        UnmetCase{"$.nothing", "null", nullptr}, UnmetCase{"$['a name'].b", "null", nullptr},
        UnmetCase{"$.state", "null", "null"}, UnmetCase{"$.nothing", R"("x")", R"("x")"},
        UnmetCase{"$.state", R"({"contains": "liver"})", nullptr},
        UnmetCase{"$.state", R"({"contains": "sent"})", R"(a text that contains "sent")"},
        UnmetCase{"$.nothing", R"({"contains": ""})", R"(a text that contains "")"},
        UnmetCase{"$.state", R"({"matches": "^un.*ed$"})", nullptr},
        UnmetCase{"$.state", R"({"matches": "^sent"})", R"(a text that matches "^sent")"},
        UnmetCase{"$.state", R"({"anyOf": ["sent", "undelivered"]})", nullptr},
        UnmetCase{"$.state", R"({"anyOf": ["sent"]})", R"(one of ["sent"])"},
        UnmetCase{"$.nothing", R"({"absent": true})", nullptr},
        UnmetCase{"$.state", R"({"absent": true})", "nothing there"},
        UnmetCase{"$.state", R"({"absent": false})", nullptr},
        UnmetCase{"$.nothing", R"({"absent": false})", "something there"},
        UnmetCase{"$.state", R"({"equals": "undelivered"})", nullptr},
        UnmetCase{"$.tries[1]", R"({"at": "x"})", nullptr},
        UnmetCase{"$.empty", R"("")", nullptr}));

TEST(Unmet, APatternThatIsNoneIsNamed) {
  const Json text = "x";
  EXPECT_TRUE(unmet(&text, {{"matches", "("}})->starts_with("a regular expression of RE2"));
}

}  // namespace
}  // namespace twindow::app
