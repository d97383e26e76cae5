// SPDX-License-Identifier: Apache-2.0
// TWINDOW_CHECK: a broken invariant is a bug of ours; the check stays on in release and ends the
// program with the place and the condition, before wrong state can reach a user.
#pragma once

namespace twindow::detail {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}  // namespace twindow::detail

#define TWINDOW_CHECK(condition)         \
  (static_cast<bool>(condition) ? void() \
                                : ::twindow::detail::check_failed(#condition, __FILE__, __LINE__))
