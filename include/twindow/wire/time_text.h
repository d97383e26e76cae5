// SPDX-License-Identifier: Apache-2.0
// Instants as text: Twilio's two spellings, ours with milliseconds, and all that people send.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twindow/base/clock.h"

namespace twindow::wire {

// The years 0 to 9999 can be written; an instant outside them is written as their first or last.
std::string to_rfc2822(Time time);     // "Thu, 24 Aug 2023 05:01:45 +0000"
std::string to_iso8601(Time time);     // "2015-07-30T20:12:31Z", the fraction cut off
std::string to_iso8601_ms(Time time);  // "2026-01-05T09:00:00.000Z"
void append_iso8601_ms(std::string& out, Time time);

// Reads, without being told which it is:
//   2026-01-05   2026-01-05T09:00   2026-01-05 09:00:00.25Z   2026-01-05T09:00:00+02:00
//   Thu, 24 Aug 2023 05:01:45 -0000   24 Aug 2023   06/11/2019 22:05:25 MST (month first)
// Without a zone the time is UTC; a date alone is its midnight. Zones: "Z", an offset (a '+' that
// a form decoded to a space too), and UTC, GMT, EST, EDT, CST, CDT, MST, MDT, PST, PDT. Letter
// case is ignored; the name of the weekday is not checked against the date. Empty for all else,
// dates that do not exist among them.
std::optional<Time> parse_time(std::string_view text);

struct DayOrInstant {
  Time begin;      // of a whole day: its midnight, UTC
  bool whole_day;  // no time of day was given

  friend bool operator==(const DayOrInstant&, const DayOrInstant&) = default;
};
std::optional<DayOrInstant> parse_day_or_instant(std::string_view text);

}  // namespace twindow::wire
