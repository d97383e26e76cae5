// SPDX-License-Identifier: Apache-2.0
#include "twindow/wire/twilio/error_codes.h"

#include <algorithm>
#include <array>

namespace twindow::wire {

namespace {

constexpr auto kCodes = std::to_array<ErrorCodeInfo>({
#include "src/wire/twilio/error_codes.inc"
});

// With `less_equal`, two equal neighbours are out of order too.
static_assert(std::ranges::is_sorted(kCodes, std::ranges::less_equal(), &ErrorCodeInfo::code),
              "sorted by code, each once");

}  // namespace

const ErrorCodeInfo* find_error_code(int code) {
  const auto found = std::ranges::lower_bound(kCodes, code, {}, &ErrorCodeInfo::code);
  return found == kCodes.end() || found->code != code ? nullptr : &*found;
}

}  // namespace twindow::wire
