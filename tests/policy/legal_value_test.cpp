// SPDX-License-Identifier: Apache-2.0
#include "twindow/policy/legal_value.h"

#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::policy {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::optional<std::string> want;  // empty: cannot be made legal
};

class LegalValue : public testing::TestWithParam<Case> {};

TEST_P(LegalValue, HasNothingThatWhatsAppRefuses) {
  const auto got = legal_value(GetParam().text);
  EXPECT_EQ(got ? std::optional(*got) : std::nullopt, GetParam().want);
  if (got) {
    EXPECT_EQ(value_fault(*got), "");
    EXPECT_EQ(*legal_value(*got), *got);
  } else {
    EXPECT_FALSE(got.error().empty());
  }
}

const std::string kFire = "\xF0\x9F\x94\xA5";  // two UTF-16 units

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, LegalValue, testing::ValuesIn(std::vector<Case>{
    {"Plain", "42", "42"},
    {"Newline", "a\nb", "a b"},
    {"WindowsLineEnd", "a\r\nb", "a b"},
    {"LoneCarriageReturn", "a\rb", "a b"},
    {"TwoNewlines", "a\n\nb", "a  b"},
    {"Tab", "a\tb", "a b"},
    {"FourSpaces", "a    b", "a    b"},
    {"FiveSpaces", "a     b", "a b"},
    {"FiveOfBoth", "a \n\t\n b", "a b"},
    {"FourNewlines", "a\n\n\n\nb", "a    b"},
    {"RunAtTheEnds", "     a     ", " a "},
    {"TwoRuns", "a      b      c", "a b c"},
    {"Empty", "", std::nullopt},
    {"Blank", "   ", std::nullopt},
    {"OnlyNewlines", "\n\r\n\t", std::nullopt},
    {"Accents", "São João", "São João"},
    {"LongestAllowed", std::string(1600, 'x'), std::string(1600, 'x')},
    {"OneTooLong", std::string(1601, 'x'), std::nullopt},
    {"EmojiCountTwice", repeated(kFire, 801), std::nullopt},
    {"EmojiThatFit", repeated(kFire, 800), repeated(kFire, 800)},
}), test::case_name);
// clang-format on

}  // namespace
}  // namespace twindow::policy
