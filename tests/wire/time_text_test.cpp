// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/time_text.h"

#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::wire {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

Time at(int year, unsigned month, unsigned day, Duration of_day = 0ms) {
  return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) /
                               static_cast<int>(day)) +
         of_day;
}

struct WriteCase {
  std::string_view name;
  Time time;
  std::string_view rfc2822;
  std::string_view iso;
  std::string_view iso_ms;
};

class WriteTime : public testing::TestWithParam<WriteCase> {};

TEST_P(WriteTime, IsExact) {
  EXPECT_EQ(to_rfc2822(GetParam().time), GetParam().rfc2822);
  EXPECT_EQ(to_iso8601(GetParam().time), GetParam().iso);
  EXPECT_EQ(to_iso8601_ms(GetParam().time), GetParam().iso_ms);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WriteTime,
    testing::ValuesIn(std::vector<WriteCase>{
        {"Captured", at(2023, 8, 24, 5h + 1min + 45s), "Thu, 24 Aug 2023 05:01:45 +0000",
         "2023-08-24T05:01:45Z", "2023-08-24T05:01:45.000Z"},
        {"Epoch", Time(), "Thu, 01 Jan 1970 00:00:00 +0000", "1970-01-01T00:00:00Z",
         "1970-01-01T00:00:00.000Z"},
        {"BeforeTheEpoch", Time(-1ms), "Wed, 31 Dec 1969 23:59:59 +0000", "1969-12-31T23:59:59Z",
         "1969-12-31T23:59:59.999Z"},
        {"LeapDay", at(2024, 2, 29, 23h + 59min + 59s + 7ms), "Thu, 29 Feb 2024 23:59:59 +0000",
         "2024-02-29T23:59:59Z", "2024-02-29T23:59:59.007Z"},
        {"NewYear", at(2026, 1, 1), "Thu, 01 Jan 2026 00:00:00 +0000", "2026-01-01T00:00:00Z",
         "2026-01-01T00:00:00.000Z"},
        {"TooLate", Time::max(), "Fri, 31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59Z",
         "9999-12-31T23:59:59.999Z"},
        {"TooEarly", Time::min(), "Sat, 01 Jan 0000 00:00:00 +0000", "0000-01-01T00:00:00Z",
         "0000-01-01T00:00:00.000Z"},
    }),
    test::case_name);

struct ParseCase {
  std::string_view name;
  std::string_view text;
  Time want;
  bool whole_day = false;
};

class ParseTime : public testing::TestWithParam<ParseCase> {};

TEST_P(ParseTime, ReadsWhatPeopleSend) {
  EXPECT_EQ(parse_time(GetParam().text), GetParam().want);
  EXPECT_EQ(parse_day_or_instant(GetParam().text),
            (DayOrInstant{GetParam().want, GetParam().whole_day}));
}

INSTANTIATE_TEST_SUITE_P(
    Table, ParseTime,
    testing::ValuesIn(std::vector<ParseCase>{
        {"Day", "2026-01-02", at(2026, 1, 2), true},
        {"LeapDay", "2024-02-29", at(2024, 2, 29), true},
        {"Iso", "2026-01-02T03:04:05Z", at(2026, 1, 2, 3h + 4min + 5s)},
        {"IsoLowerCase", "2026-01-02t03:04:05z", at(2026, 1, 2, 3h + 4min + 5s)},
        {"IsoMillis", "2026-01-02T03:04:05.678Z", at(2026, 1, 2, 3h + 4min + 5s + 678ms)},
        {"IsoOneDigit", "2026-01-02T03:04:05.6Z", at(2026, 1, 2, 3h + 4min + 5s + 600ms)},
        {"IsoNanos", "2026-01-02T03:04:05.123456789Z", at(2026, 1, 2, 3h + 4min + 5s + 123ms)},
        {"IsoNoSeconds", "2026-01-02T03:04Z", at(2026, 1, 2, 3h + 4min)},
        {"IsoNoZone", "2026-01-02T03:04:05", at(2026, 1, 2, 3h + 4min + 5s)},
        {"IsoOffset", "2026-01-02T03:04:05+02:00", at(2026, 1, 2, 1h + 4min + 5s)},
        {"IsoOffsetWest", "2026-01-02T03:04:05-0530", at(2026, 1, 2, 8h + 34min + 5s)},
        {"IsoOffsetHours", "2026-01-02T03:04:05+02", at(2026, 1, 2, 1h + 4min + 5s)},
        {"IsoPlusDecodedToSpace", "2026-01-02T03:04:05 00:00", at(2026, 1, 2, 3h + 4min + 5s)},
        {"IsoSpace", "2019-06-11 22:05:25.000", at(2019, 6, 11, 22h + 5min + 25s)},
        {"Rfc2822", "Wed, 19 Jun 2019 22:04:00 -0000", at(2019, 6, 19, 22h + 4min)},
        {"Rfc2822Offset", "Thu, 24 Aug 2023 05:01:45 +0200", at(2023, 8, 24, 3h + 1min + 45s)},
        {"Rfc2822NoDayName", "24 Aug 2023 05:01:45 GMT", at(2023, 8, 24, 5h + 1min + 45s)},
        {"Rfc2822OneDigitDay", "Sat, 5 Aug 2023 05:01 EST", at(2023, 8, 5, 10h + 1min)},
        {"Rfc2822LowerCase", "thu, 24 aug 2023 05:01:45 gmt", at(2023, 8, 24, 5h + 1min + 45s)},
        {"Rfc2822Day", "24 Aug 2023", at(2023, 8, 24), true},
        {"Us", "06/11/2019 22:05:25 MST", at(2019, 6, 12, 5h + 5min + 25s)},
        {"UsUtc", "06/11/2019 22:05:25 UTC", at(2019, 6, 11, 22h + 5min + 25s)},
        {"UsNoZone", "6/1/2019 22:05", at(2019, 6, 1, 22h + 5min)},
        {"UsDay", "06/11/2019", at(2019, 6, 11), true},
        {"SpacesAround", " 2026-01-02 ", at(2026, 1, 2), true},
        {"OverNewYear", "2025-12-31T23:30:00-01:00", at(2026, 1, 1, 30min)},
    }),
    test::case_name);

struct RefuseCase {
  std::string_view name;
  std::string_view text;
};

class RefuseTime : public testing::TestWithParam<RefuseCase> {};

TEST_P(RefuseTime, GivesNothing) {
  EXPECT_EQ(parse_time(GetParam().text), std::nullopt);
  EXPECT_EQ(parse_day_or_instant(GetParam().text), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Table, RefuseTime,
                         testing::ValuesIn(std::vector<RefuseCase>{
                             {"Empty", ""},
                             {"Words", "yesterday"},
                             {"Number", "1767258000"},
                             {"NoSuchDay", "2026-02-30"},
                             {"NoLeapYear", "2025-02-29"},
                             {"MonthThirteen", "2026-13-01"},
                             {"MonthZero", "2026-00-01"},
                             {"YearZero", "0000-01-01"},
                             {"TwoDigitYear", "26-01-02"},
                             {"FiveDigitYear", "12026-01-02"},
                             {"OneDigitMonth", "2026-1-02"},
                             {"Hour24", "2026-01-02T24:00:00Z"},
                             {"Minute60", "2026-01-02T23:60:00Z"},
                             {"Second60", "2026-01-02T23:59:60Z"},
                             {"HourAlone", "2026-01-02T23"},
                             {"TAlone", "2026-01-02T"},
                             {"EmptyFraction", "2026-01-02T03:04:05.Z"},
                             {"UnknownZone", "2026-01-02T03:04:05 CEST"},
                             {"OffsetWithoutMinutes", "2026-01-02T03:04:05+02:"},
                             {"OffsetTooLarge", "2026-01-02T03:04:05+24:00"},
                             {"DigitsInsteadOfOffset", "2026-01-02T03:04:0502:00"},
                             {"Tail", "2026-01-02T03:04:05Z and more"},
                             {"TailOfDay", "2026-01-02x"},
                             {"DayFirst", "24/08/2023 05:01:45"},
                             {"WrongMonthName", "24 Agu 2023 05:01:45 GMT"},
                             {"WrongDayName", "Tor, 24 Aug 2023 05:01:45 GMT"},
                             {"Nul", "2026-01-02\0"sv},
                             {"ArabicDigits", "٢٠٢٦-٠١-٠٢"},
                         }),
                         test::case_name);

TEST(TimeText, ReadsBackWhatItWrites) {
  for (const Time time : {Time(), at(2026, 1, 5, 9h + 1ms), at(1999, 12, 31, 23h + 59min)}) {
    EXPECT_EQ(parse_time(to_iso8601_ms(time)), time);
    EXPECT_EQ(parse_time(to_rfc2822(time)), std::chrono::floor<std::chrono::seconds>(time));
  }
}

}  // namespace
}  // namespace twindow::wire
