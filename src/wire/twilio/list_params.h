// SPDX-License-Identifier: Apache-2.0
// What lists of the 2010 API have in common: how many are asked for, and from when.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "twindow/base/clock.h"
#include "twindow/model/error.h"
#include "twindow/wire/form.h"

namespace twindow::wire {

// 1 to 1000, 50 if absent. Errc::PageSizeTooLarge, InvalidParameter.
Result<std::size_t> read_page_size(const Form& form);

// Page, 0 if absent. Errc::InvalidParameter.
Result<std::size_t> read_page_number(const Form& form);

// `from` ≤ t < `before`.
struct TimeRange {
  std::optional<Time> from = {};
  std::optional<Time> before = {};

  bool holds(Time at) const { return (!from || at >= *from) && (!before || at < *before); }
};

// Of `name`, `name`< and `name`>, all of which must hold: a day is all of that day, and so is its
// midnight where an equal one is asked for, which is how the SDKs write a day; an instant counts as
// the second it lies in. Errc::InvalidParameter.
Result<TimeRange> read_time_range(const Form& form, std::string_view name);

}  // namespace twindow::wire
