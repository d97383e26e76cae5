// SPDX-License-Identifier: Apache-2.0
// Durations as people write them: `250ms`, `2s`, `90m`, `24h`, `2d`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "twindow/base/clock.h"

namespace twindow {

// A whole number (an optional `-` first) and one unit of ms, s, m, h, d; several may follow each
// other, largest first or not ("1h30m"). Nothing else: no spaces, no bare number, no fraction.
// Empty on anything that is not this, or does not fit.
std::optional<Duration> parse_duration(std::string_view text);

// The shortest spelling that parse_duration reads back: 90000 ms is "90s", 86400000 ms is "24h".
std::string to_text(Duration duration);

// For sentences: "25 h 3 min", "42 s", the two largest units. `duration` is not negative.
std::string people_text(Duration duration);

}  // namespace twindow
