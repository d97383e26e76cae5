// SPDX-License-Identifier: Apache-2.0
#include "src/wire/twilio/list_params.h"

#include <algorithm>
#include <chrono>

#include "twindow/base/ascii.h"
#include "twindow/wire/time_text.h"

namespace twindow::wire {

using namespace std::chrono_literals;

Result<std::size_t> read_page_size(const Form& form) {
  constexpr std::uint32_t kDefault = 50;
  constexpr std::uint32_t kMax = 1000;
  const auto text = form.first("PageSize");
  if (!text) return std::size_t{kDefault};
  const bool digits = std::ranges::all_of(*text, is_digit);
  const auto size = parse_decimal(*text, kMax);
  if (digits && !size) return fail(Errc::PageSizeTooLarge);
  if (!size || *size == 0) {
    return fail(Errc::InvalidParameter, "PageSize: expected a number from 1 to 1000");
  }
  return std::size_t{*size};
}

Result<std::size_t> read_page_number(const Form& form) {
  constexpr std::uint32_t kMax = 1'000'000'000;  // keeps `start` far from overflow
  const auto text = form.first("Page");
  if (!text) return std::size_t{0};
  const auto page = parse_decimal(*text, kMax);
  if (!page) return fail(Errc::InvalidParameter, "Page: expected a number from 0");
  return std::size_t{*page};
}

Result<TimeRange> read_time_range(const Form& form, std::string_view name) {
  TimeRange range;
  for (const std::string_view sign : {"", "<", ">"}) {
    const std::string key = std::string(name) + std::string(sign);
    const auto text = form.first(key);
    if (!text) continue;
    const auto asked = parse_day_or_instant(*text);
    if (!asked) {
      return fail(Errc::InvalidParameter,
                  key + ": expected a date, such as 2026-01-31 or 2026-01-31T18:00:00Z");
    }
    const bool midnight = asked->begin == std::chrono::floor<std::chrono::days>(asked->begin);
    const bool whole_day = asked->whole_day || (sign.empty() && midnight);
    const Time begin =
        whole_day ? asked->begin : std::chrono::floor<std::chrono::seconds>(asked->begin);
    const Time end = begin + (whole_day ? Duration(24h) : Duration(1s));
    if (sign != "<") range.from = std::max(range.from.value_or(begin), begin);
    if (sign != ">") range.before = std::min(range.before.value_or(end), end);
  }
  return range;
}

}  // namespace twindow::wire
