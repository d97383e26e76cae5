// SPDX-License-Identifier: Apache-2.0
#include "twindow/base/clock.h"

namespace twindow {

Time SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

}  // namespace twindow
