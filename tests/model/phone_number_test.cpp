// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/phone_number.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow {
namespace {

struct Row {
  const char* name;
  std::string text;
  std::string dialled_in;
  bool valid;
  std::string e164;
  std::string country;
  std::string national;
  std::string mistake;
};

class PhoneNumber : public testing::TestWithParam<Row> {};

TEST_P(PhoneNumber, IsDescribed) {
  const Row& row = GetParam();
  const PhoneNumberFacts facts = describe_phone_number(row.text, row.dialled_in);
  EXPECT_EQ(facts.valid, row.valid);
  EXPECT_EQ(facts.e164, row.e164);
  EXPECT_EQ(facts.country, row.country);
  EXPECT_EQ(facts.national, row.national);
  EXPECT_EQ(facts.mistake, row.mistake);
}

INSTANTIATE_TEST_SUITE_P(
    Table, PhoneNumber,
    testing::Values(
        Row{"American", "+14159929960", "US", true, "+14159929960", "US", "(415) 992-9960", ""},
        Row{"AsDialled", "(415) 992-9960", "US", true, "+14159929960", "US", "(415) 992-9960", ""},
        Row{"British", "020 7183 8750", "GB", true, "+442071838750", "GB", "020 7183 8750", ""},
        Row{"Canadian", "+16135550123", "US", true, "+16135550123", "CA", "(613) 555-0123", ""},
        Row{"TooShort", "+1415", "US", false, "+1415", "US", "415", "TOO_SHORT"},
        Row{"TooLong", "+141599299601234", "US", false, "+141599299601234", "US", "41599299601234",
            "TOO_LONG"},
        Row{"OfNobody", "+15555550123", "US", false, "+15555550123", "US", "(555) 555-0123",
            "INVALID_BUT_POSSIBLE"},
        Row{"NoCountry", "+999123456789", "US", false, "", "", "", "INVALID_COUNTRY_CODE"},
        Row{"NoNumber", "hello", "US", false, "", "", "", "NOT_A_NUMBER"}),
    test::case_name);

TEST(PhoneNumber, HasALineType) {
  EXPECT_EQ(describe_phone_number("+447400123456").line_type, "mobile");
  EXPECT_EQ(describe_phone_number("+442071838750").line_type, "landline");
  EXPECT_EQ(describe_phone_number("+18005550123").line_type, "tollFree");
  EXPECT_EQ(describe_phone_number("+1415").line_type, "unknown");
}

TEST(PhoneNumber, IsOfACountry) {
  EXPECT_EQ(country_of("+5215512345678"), "MX");
  EXPECT_EQ(country_of("+15555550123"), "US") << "also where nobody has it";
  EXPECT_EQ(country_of("+16135550123"), "CA");
  EXPECT_EQ(country_of("+80012345678"), "") << "of no country";
  EXPECT_EQ(country_of("22395"), "");
  EXPECT_EQ(country_of(""), "");
}

}  // namespace
}  // namespace twindow
