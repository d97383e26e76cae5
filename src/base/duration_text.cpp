// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/duration_text.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace twindow {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};

// "ms" stands before "m": the longer name is tried first.
constexpr std::array kUnits{Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000}, Unit{"h", 3'600'000},
                            Unit{"d", 86'400'000}};

const Unit* take_unit(std::string_view& text) {
  for (const Unit& unit : kUnits) {
    if (!text.starts_with(unit.name)) continue;
    text.remove_prefix(unit.name.size());
    return &unit;
  }
  return nullptr;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    if (text.front() < '0' || text.front() > '9') return std::nullopt;
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const Unit* unit = take_unit(text);
    std::int64_t part = 0;
    if (unit == nullptr || __builtin_mul_overflow(count, unit->ms, &part) ||
        __builtin_add_overflow(total, part, &total)) {
      return std::nullopt;
    }
  }
  return Duration(negative ? -total : total);
}

std::string to_text(Duration duration) {
  std::int64_t ms = duration.count();
  if (ms == 0) return "0s";
  std::string text;
  if (ms < 0) {
    text = "-";
    ms = -ms;
  }
  // Days are read but not written: a window is known as 24 h to everybody.
  for (auto unit = kUnits.rbegin() + 1; unit != kUnits.rend(); ++unit) {
    if (ms % unit->ms == 0) return text + std::to_string(ms / unit->ms) + std::string(unit->name);
  }
  return text + std::to_string(ms) + "ms";
}

std::string people_text(Duration duration) {
  using namespace std::chrono;
  const auto h = duration_cast<hours>(duration);
  const auto min = duration_cast<minutes>(duration - h);
  const auto s = duration_cast<seconds>(duration - h - min);
  if (h.count() > 0) {
    return std::to_string(h.count()) + " h " + std::to_string(min.count()) + " min";
  }
  if (min.count() > 0) {
    return std::to_string(min.count()) + " min " + std::to_string(s.count()) + " s";
  }
  return std::to_string(s.count()) + " s";
}

}  // namespace twindow
