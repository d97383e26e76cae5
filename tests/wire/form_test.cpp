// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/form.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

using namespace std::string_view_literals;
using Params = std::vector<Param>;

struct ParseCase {
  std::string_view name;
  std::string_view text;
  Params want;
};

class ParseForm : public testing::TestWithParam<ParseCase> {};

TEST_P(ParseForm, ReadsWhatClientsSend) {
  const auto form = parse_form(GetParam().text);
  ASSERT_TRUE(form.has_value()) << form.error().detail;
  EXPECT_EQ(form->params(), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ParseForm,
    testing::ValuesIn(std::vector<ParseCase>{
        {"Empty", "", {}},
        {"One", "To=%2B15558675310", {{"To", "+15558675310"}}},
        {"PlusIsSpace", "Body=Hi+Ana", {{"Body", "Hi Ana"}}},
        {"EscapedSpace", "Body=Hi%20Ana", {{"Body", "Hi Ana"}}},
        {"EqualsInValue", "Body=a=b", {{"Body", "a=b"}}},
        {"EmptyValue", "Body=&To=x", {{"Body", ""}, {"To", "x"}}},
        {"NoEquals", "Body&To=x", {{"Body", ""}, {"To", "x"}}},
        {"EmptyPairs", "&&To=x&", {{"To", "x"}}},
        {"OrderAndRepetitions", "b=2&a=1&b=1", {{"b", "2"}, {"a", "1"}, {"b", "1"}}},
        {"EscapedName", "DateSent%3E=2026-01-01", {{"DateSent>", "2026-01-01"}}},
        {"LiteralOperator", "DateSent>=2026-01-01", {{"DateSent>", "2026-01-01"}}},
        {"Utf8", "P=Zo%C3%AB", {{"P", "Zoë"}}},
        {"RawUtf8", "P=Zoë", {{"P", "Zoë"}}},
        {"EscapedSeparators", "a%26b=c%3Dd%26e", {{"a&b", "c=d&e"}}},
        {"SemicolonIsNoSeparator", "a=1;b=2", {{"a", "1;b=2"}}},
        {"LowerCaseHex", "a=%c3%ab", {{"a", "ë"}}},
    }),
    test::case_name);

struct RefuseCase {
  std::string_view name;
  std::string_view text;
  std::string_view detail;
};

class RefuseForm : public testing::TestWithParam<RefuseCase> {};

TEST_P(RefuseForm, NamesThePositionAndWhatWasExpected) {
  const auto form = parse_form(GetParam().text);
  ASSERT_FALSE(form.has_value());
  EXPECT_EQ(form.error().code, Errc::InvalidParameter);
  EXPECT_EQ(form.error().detail, GetParam().detail);
}

INSTANTIATE_TEST_SUITE_P(
    Table, RefuseForm,
    testing::ValuesIn(std::vector<RefuseCase>{
        {"NoHex", "To=%zz", "form, position 3: expected two hexadecimal digits after '%'"},
        {"OneDigit", "To=%4&a=b", "form, position 3: expected two hexadecimal digits after '%'"},
        {"AtTheEnd", "To=12%", "form, position 5: expected two hexadecimal digits after '%'"},
        {"InAName", "T%o=12", "form, position 1: expected two hexadecimal digits after '%'"},
        {"EscapedNul", "a=b%00", "form, position 3: expected text, found an escaped NUL"},
        {"Nul", "a=b\0"sv, "form, position 3: expected text, found a NUL"},
        {"LoneByte", "a=1&b=%ff",
         "form, position 6: expected UTF-8 in the name or value that begins here"},
        {"Overlong", "b=%C0%AF",
         "form, position 2: expected UTF-8 in the name or value that begins here"},
        {"Surrogate", "b=%ED%A0%80",
         "form, position 2: expected UTF-8 in the name or value that begins here"},
        {"CutShort", "b=%C3",
         "form, position 2: expected UTF-8 in the name or value that begins here"},
        {"BeyondUnicode", "b=%F4%90%80%80",
         "form, position 2: expected UTF-8 in the name or value that begins here"},
    }),
    test::case_name);

// Values are decoded by eights: what is special about a byte is so at every place.
TEST(Form, DecodesAByteWhereverItStands) {
  for (std::size_t size = 1; size < 20; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      std::string text(size, 'x');
      std::string decoded = text;
      const auto with = [&](std::string_view spelled) {
        return std::string(text).replace(place, 1, spelled);
      };
      decoded[place] = ' ';
      EXPECT_EQ(parse_form("V=" + with("+"))->first("V"), decoded);
      decoded[place] = '&';
      EXPECT_EQ(parse_form("V=" + with("%26"))->first("V"), decoded);
      EXPECT_EQ(parse_form("V=" + with("\u00e9"))->first("V"), with("\u00e9"));
      EXPECT_FALSE(parse_form("V=" + with("\xff")));
      EXPECT_FALSE(parse_form("V=" + with("%x")));
      EXPECT_FALSE(parse_form("V=" + with(std::string_view("\0", 1))));
    }
  }
}

TEST(Form, TreatsAnEmptyValueAsAbsentButKeepsIt) {
  const Form form = *parse_form("Body=&Body=x&Body=y&To=");
  EXPECT_EQ(form.first("Body"), "x");
  EXPECT_EQ(form.all("Body"), (std::vector<std::string_view>{"x", "y"}));
  EXPECT_EQ(form.first("To"), std::nullopt);
  EXPECT_TRUE(form.has("To"));
  EXPECT_FALSE(form.has("to"));
  EXPECT_EQ(form.params().size(), 4u);
}

TEST(Form, IsWrittenInTwiliosStyle) {
  EXPECT_EQ(encode_form({{"To", "whatsapp:+15558675310"}, {"Body", "Zoë & a~b*c"}, {"E", ""}}),
            "To=whatsapp%3A%2B15558675310&Body=Zo%C3%AB+%26+a%7Eb%2Ac&E=");
}

TEST(Form, ReadsBackWhatItWrites) {
  std::string every_character;
  for (char c = 1; c < 0x7f; ++c) every_character += c;
  const Params params{{"a=b", every_character}, {"ñ", "€😀"}, {"a=b", ""}};
  const auto form = parse_form(encode_form(params));
  ASSERT_TRUE(form.has_value());
  EXPECT_EQ(form->params(), params);
}

TEST(Percent, EncodesAllButTheUnreserved) {
  EXPECT_EQ(percent_encode("whatsapp:+1 a-_.~"), "whatsapp%3A%2B1%20a-_.~");
  EXPECT_EQ(percent_decode("whatsapp%3a%2B1%20a+b"), "whatsapp:+1 a+b");
  EXPECT_EQ(percent_decode("a%"), std::nullopt);
  EXPECT_EQ(percent_decode("a%0"), std::nullopt);
  EXPECT_EQ(percent_decode("a%00"), std::nullopt);
  EXPECT_EQ(percent_decode("%ff"), "\xff");
}

}  // namespace
}  // namespace twindow::wire
