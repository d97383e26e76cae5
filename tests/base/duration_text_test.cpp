// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/duration_text.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow {
namespace {

using namespace std::chrono_literals;

struct DurationCase {
  std::string_view name;
  std::string_view text;
  std::optional<Duration> want;
};

class ParseDuration : public testing::TestWithParam<DurationCase> {};

TEST_P(ParseDuration, ReadsOnlyNumbersWithUnits) {
  EXPECT_EQ(parse_duration(GetParam().text), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Table, ParseDuration,
                         testing::ValuesIn(std::vector<DurationCase>{
                             {"Milliseconds", "250ms", 250ms},
                             {"Seconds", "2s", 2s},
                             {"Minutes", "90m", 90min},
                             {"Hours", "24h", 24h},
                             {"Days", "2d", 48h},
                             {"Mixed", "1h30m", 90min},
                             {"Negative", "-25h", -25h},
                             {"Zero", "0s", 0s},
                             {"Empty", "", std::nullopt},
                             {"OnlyMinus", "-", std::nullopt},
                             {"NoUnit", "15", std::nullopt},
                             {"NoNumber", "ms", std::nullopt},
                             {"Fraction", "1.5h", std::nullopt},
                             {"Space", "1 h", std::nullopt},
                             {"UnknownUnit", "3w", std::nullopt},
                             {"PlusSign", "+3s", std::nullopt},
                             {"InnerMinus", "1h-3s", std::nullopt},
                             {"TooLarge", "9223372036854775807h", std::nullopt},
                             {"MoreDigitsThanFit", "99999999999999999999s", std::nullopt},
                         }),
                         test::case_name);

TEST(DurationText, IsReadBackAsItWasWritten) {
  for (const Duration d : {Duration(0), Duration(1), Duration(1500), Duration(90'000),
                           Duration(86'400'000), Duration(-90'000'000), Duration(86'400'001)}) {
    EXPECT_EQ(parse_duration(to_text(d)), d) << to_text(d);
  }
  EXPECT_EQ(to_text(24h), "24h");
  EXPECT_EQ(to_text(1500ms), "1500ms");
}

TEST(DurationText, ForPeopleHasTwoUnits) {
  EXPECT_EQ(people_text(25h + 3min + 59s), "25 h 3 min");
  EXPECT_EQ(people_text(1h), "1 h 0 min");
  EXPECT_EQ(people_text(3min + 1s), "3 min 1 s");
  EXPECT_EQ(people_text(999ms), "0 s");
}

}  // namespace
}  // namespace twindow
