// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace twindow::detail {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "twindow: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace twindow::detail
