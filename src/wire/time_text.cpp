// SPDX-License-Identifier: Apache-2.0
// Written by hand since every reply holds two or three of these: strftime costs fifteen times as
// much, and knows locales.
#include "twindow/wire/time_text.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "twindow/base/ascii.h"

namespace twindow::wire {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::floor;

constexpr std::array<std::string_view, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct Zone {
  std::string_view name;
  std::chrono::hours offset;
};
constexpr std::array kZones{
    Zone{"Z", 0h},    Zone{"UTC", 0h},  Zone{"GMT", 0h},  Zone{"EST", -5h},
    Zone{"EDT", -4h}, Zone{"CST", -6h}, Zone{"CDT", -5h}, Zone{"MST", -7h},
    Zone{"MDT", -6h}, Zone{"PST", -8h}, Zone{"PDT", -7h},
};

struct Fields {
  unsigned year, month, day, weekday, hour, minute, second;
};

// To the years that have four digits.
Time writable(Time time) {
  constexpr auto first = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
  constexpr auto last = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1) - 1ms;
  return std::clamp<Time>(time, first, last);
}

Fields fields_of(Time time) {
  const auto midnight = floor<days>(time);
  const std::chrono::year_month_day date(midnight);
  const auto of_day = static_cast<unsigned>((time - midnight).count());
  return {.year = static_cast<unsigned>(static_cast<int>(date.year())),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .weekday = std::chrono::weekday(midnight).c_encoding(),
          .hour = of_day / 3'600'000,
          .minute = of_day / 60'000 % 60,
          .second = of_day / 1000 % 60};
}

// Writes the last `width` digits of `number`; returns where the next character goes.
char* put(char* at, unsigned number, int width) {
  for (int i = width - 1; i >= 0; --i, number /= 10) at[i] = static_cast<char>('0' + number % 10);
  return at + width;
}

char* put(char* at, std::string_view text) { return std::ranges::copy(text, at).out; }

char* put_clock(char* at, const Fields& f) {
  at = put(put(at, f.hour, 2), ":");
  at = put(put(at, f.minute, 2), ":");
  return put(at, f.second, 2);
}

char* put_iso(char* at, const Fields& f) {
  at = put(put(at, f.year, 4), "-");
  at = put(put(at, f.month, 2), "-");
  at = put(put(at, f.day, 2), "T");
  return put_clock(at, f);
}

char* put_rfc2822(char* at, const Fields& f) {
  at = put(put(put(at, kDays[f.weekday]), ", "), f.day, 2);
  at = put(put(put(at, " "), kMonths[f.month - 1]), " ");
  at = put(put(at, f.year, 4), " ");
  return put(put_clock(at, f), " +0000");
}

// What `kPut` writes of a second, which is asked for many times while it lasts: written once by
// each thread. The view stays until the thread's next call.
template <std::size_t kSize, char* (*kPut)(char*, const Fields&)>
std::string_view text_of_second(Time time) {
  struct Written {
    Time second = Time::max();
    std::array<char, kSize> text = {};
  };
  thread_local Written last;
  const Time second = floor<std::chrono::seconds>(writable(time));
  if (last.second != second) {
    kPut(last.text.data(), fields_of(second));
    last.second = second;
  }
  return {last.text.data(), kSize};
}

std::string_view iso_second(Time time) { return text_of_second<19, put_iso>(time); }

// Reads from the front; each `take_…` leaves the text as it was when it does not fit.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_spaces() {
    while (take(' ')) {
    }
  }

  // Between `least` and `most` digits.
  std::optional<int> take_number(std::size_t least, std::size_t most) {
    std::size_t size = 0;
    int number = 0;
    while (size < most && size < rest_.size() && is_digit(rest_[size])) {
      number = number * 10 + (rest_[size++] - '0');
    }
    if (size < least) return std::nullopt;
    rest_.remove_prefix(size);
    return number;
  }

  // A run of letters, possibly none.
  std::string_view take_word() {
    const auto end = std::ranges::find_if_not(rest_, is_letter);
    const auto word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    return word;
  }

 private:
  std::string_view rest_;
};

template <std::size_t N>
std::optional<std::size_t> index_of(const std::array<std::string_view, N>& names,
                                    std::string_view name) {
  const auto found =
      std::ranges::find_if(names, [&](auto each) { return equals_ignoring_case(each, name); });
  if (found == names.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names.begin());
}

std::optional<Time> midnight_of(std::optional<int> year, std::optional<int> month,
                                std::optional<int> day) {
  if (!year || !month || !day || *year == 0) return std::nullopt;
  const auto date = std::chrono::year(*year) / *month / *day;
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

// "2026-01-05"
std::optional<Time> take_iso_date(Cursor& text) {
  const auto year = text.take_number(4, 4);
  if (!text.take('-')) return std::nullopt;
  const auto month = text.take_number(2, 2);
  if (!text.take('-')) return std::nullopt;
  return midnight_of(year, month, text.take_number(2, 2));
}

// "06/11/2019": the eleventh of June.
std::optional<Time> take_us_date(Cursor& text) {
  const auto month = text.take_number(1, 2);
  if (!text.take('/')) return std::nullopt;
  const auto day = text.take_number(1, 2);
  if (!text.take('/')) return std::nullopt;
  return midnight_of(text.take_number(4, 4), month, day);
}

// "Thu, 24 Aug 2023" or "24 Aug 2023"
std::optional<Time> take_rfc_date(Cursor& text) {
  if (const auto weekday = text.take_word(); !weekday.empty()) {
    if (!index_of(kDays, weekday) || !text.take(',')) return std::nullopt;
    text.skip_spaces();
  }
  const auto day = text.take_number(1, 2);
  text.skip_spaces();
  const auto month = index_of(kMonths, text.take_word());
  text.skip_spaces();
  if (!month) return std::nullopt;
  return midnight_of(text.take_number(4, 4), static_cast<int>(*month) + 1, day);
}

std::optional<Time> take_date(Cursor& text) {
  Cursor attempt = text;
  for (const auto take : {take_iso_date, take_us_date, take_rfc_date}) {
    attempt = text;
    if (const auto midnight = take(attempt)) {
      text = attempt;
      return midnight;
    }
  }
  return std::nullopt;
}

// ".25" is 250 ms; what is finer is cut off.
std::optional<Duration> take_fraction(Cursor& text) {
  if (!text.take('.') && !text.take(',')) return Duration(0);
  int millis = 0;
  int scale = 100;
  std::optional<int> digit = text.take_number(1, 1);
  if (!digit) return std::nullopt;
  for (; digit; digit = text.take_number(1, 1), scale /= 10) millis += *digit * scale;
  return Duration(millis);
}

// "09:00", "09:00:00", "09:00:00.123"
std::optional<Duration> take_clock(Cursor& text) {
  const auto hour = text.take_number(2, 2);
  if (!hour || *hour > 23 || !text.take(':')) return std::nullopt;
  const auto minute = text.take_number(2, 2);
  if (!minute || *minute > 59) return std::nullopt;
  Duration of_day = std::chrono::hours(*hour) + std::chrono::minutes(*minute);
  if (text.take(':')) {
    const auto second = text.take_number(2, 2);
    if (!second || *second > 59) return std::nullopt;
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    of_day += std::chrono::seconds(*second) + *fraction;
  }
  return of_day;
}

// What local time is ahead of UTC: "+02:00", "-0500", "+01", "MST"; nothing at all is UTC.
std::optional<Duration> take_zone(Cursor& text) {
  const bool spaced = text.rest().starts_with(' ');
  text.skip_spaces();
  if (text.at_end()) return Duration(0);
  if (const auto name = text.take_word(); !name.empty()) {
    const auto zone = std::ranges::find_if(
        kZones, [&](const Zone& each) { return equals_ignoring_case(each.name, name); });
    if (zone == kZones.end()) return std::nullopt;
    return zone->offset;
  }
  const bool west = text.take('-');
  const bool east = !west && text.take('+');
  if (!west && !east && !spaced) return std::nullopt;
  const auto hours = text.take_number(2, 2);
  const bool more = text.take(':') || !text.at_end();
  const auto minutes = more ? text.take_number(2, 2) : std::optional(0);
  if (!hours || *hours > 23 || !minutes || *minutes > 59) return std::nullopt;
  const Duration offset = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return west ? -offset : offset;
}

}  // namespace

std::string to_rfc2822(Time time) { return std::string(text_of_second<31, put_rfc2822>(time)); }

std::string to_iso8601(Time time) { return std::string(iso_second(time)).append("Z"); }

std::string to_iso8601_ms(Time time) {
  std::string text;
  append_iso8601_ms(text, time);
  return text;
}

void append_iso8601_ms(std::string& out, Time time) {
  time = writable(time);
  const auto millis = (time - floor<std::chrono::seconds>(time)).count();
  std::array<char, 5> end;
  put(put(put(end.data(), "."), static_cast<unsigned>(millis), 3), "Z");
  out.append(iso_second(time)).append(end.data(), end.size());
}

std::optional<Time> parse_time(std::string_view text) {
  const auto found = parse_day_or_instant(text);
  if (!found) return std::nullopt;
  return found->begin;
}

std::optional<DayOrInstant> parse_day_or_instant(std::string_view text) {
  while (text.ends_with(' ')) text.remove_suffix(1);
  Cursor cursor(text);
  cursor.skip_spaces();
  const auto midnight = take_date(cursor);
  if (!midnight) return std::nullopt;
  if (cursor.at_end()) return DayOrInstant{.begin = *midnight, .whole_day = true};

  if (!cursor.take('T') && !cursor.take('t') && !cursor.take(' ')) return std::nullopt;
  cursor.skip_spaces();
  const auto of_day = take_clock(cursor);
  if (!of_day) return std::nullopt;
  const auto offset = take_zone(cursor);
  if (!offset || !cursor.at_end()) return std::nullopt;
  return DayOrInstant{.begin = *midnight + *of_day - *offset, .whole_day = false};
}

}  // namespace twindow::wire
