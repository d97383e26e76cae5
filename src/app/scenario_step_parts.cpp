// SPDX-License-Identifier: Apache-2.0
#include "src/app/scenario_step_parts.h"

#include "src/app/config_values.h"

namespace twindow::app {

using namespace std::chrono_literals;

constexpr Duration kWallMax = 10min;

void read_wall_time(const ConfigNode& node, Duration& within) {
  within = read_time_span(node, kWallMax).value_or(within);
}

void read_http_status(const ConfigNode& node, std::optional<int>& status) {
  const auto number = read_number(node, 100, 599, "an HTTP status from 100 to 599");
  if (number) status = static_cast<int>(*number);
}

}  // namespace twindow::app
