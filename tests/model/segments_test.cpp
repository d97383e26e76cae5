// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/segments.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow {
namespace {

std::string times(int n, std::string_view text) {
  std::string all;
  for (int i = 0; i < n; ++i) all += text;
  return all;
}

struct Case {
  std::string_view name;
  std::string text;
  bool gsm7;
  std::size_t utf16;
  int segments;
};

class Segments : public testing::TestWithParam<Case> {};

TEST_P(Segments, AreCountedAsTheStandardDoes) {
  EXPECT_EQ(fits_gsm7(GetParam().text), GetParam().gsm7);
  EXPECT_EQ(utf16_length(GetParam().text), GetParam().utf16);
  EXPECT_EQ(count_segments(GetParam().text), GetParam().segments);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Segments,
    testing::ValuesIn(std::vector<Case>{
        {"Empty", "", true, 0, 1},
        {"Short", "Hi Ana", true, 6, 1},
        {"Gsm160", times(160, "a"), true, 160, 1},
        {"Gsm161", times(161, "a"), true, 161, 2},
        {"Gsm306", times(306, "a"), true, 306, 2},
        {"Gsm307", times(307, "a"), true, 307, 3},
        {"GreekAndAccents", "ΔΩèñü¿§@£¥ÆÇ", true, 12, 1},
        {"ExtensionCountsTwice", times(80, "€"), true, 80, 1},
        {"ExtensionOneTooMany", times(81, "€"), true, 81, 2},
        {"ExtensionIsNotSplit", times(152, "a") + "{" + times(152, "a"), true, 305, 3},
        {"ExtensionFits", times(151, "a") + "{" + times(153, "a"), true, 305, 2},
        {"AllExtensions", "^{}\\[~]|€\f", true, 10, 1},
        {"Backtick", "`", false, 1, 1},
        {"LowerCedilla", "ç", false, 1, 1},
        {"Tab", "\t", false, 1, 1},
        {"Nul", std::string(1, '\0'), false, 1, 1},
        {"Ucs70", times(70, "ч"), false, 70, 1},
        {"Ucs71", times(71, "ч"), false, 71, 2},
        {"Ucs134", times(134, "ч"), false, 134, 2},
        {"Ucs135", times(135, "ч"), false, 135, 3},
        {"Emoji35", times(35, "😀"), false, 70, 1},
        {"Emoji36", times(36, "😀"), false, 72, 2},
        {"PairIsNotSplit", times(67, "😀"), false, 134, 3},
        {"OneEmojiMakesAllUcs", times(70, "a") + "😀", false, 72, 2},
        {"InvalidUtf8IsReplaced", "a\xff", false, 2, 1},
    }),
    test::case_name);

}  // namespace
}  // namespace twindow
