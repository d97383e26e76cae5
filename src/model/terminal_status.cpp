// SPDX-License-Identifier: Apache-2.0
#include "twindow/model/terminal_status.h"

#include <algorithm>
#include <array>

namespace twindow {

namespace {

// All others fail.
constexpr auto kUndelivered = std::to_array<int>({
    30003, 30004, 30005, 30006, 30007, 30008, 30011, 30022, 30023, 30024, 30032, 30034,
    30040, 30041, 30042, 30043, 30453, 63003, 63005, 63016, 63024, 63033, 63049, 63058,
});
static_assert(std::ranges::is_sorted(kUndelivered, std::ranges::less_equal()));

}  // namespace

MessageStatus terminal_status(int error_code) {
  return std::ranges::binary_search(kUndelivered, error_code) ? MessageStatus::Undelivered
                                                              : MessageStatus::Failed;
}

}  // namespace twindow
