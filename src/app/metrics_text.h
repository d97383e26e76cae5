// SPDX-License-Identifier: Apache-2.0
// The counters as Prometheus reads them.
#pragma once

#include <cstddef>
#include <string>

#include "twindow/base/clock.h"

#include "src/app/metrics.h"

namespace twindow::app {

// What is, beside what has happened: looked up when somebody asks.
struct Gauges {
  std::string version = {};
  std::string mode = {};
  std::string store = {};
  Time started = {};
  std::size_t worlds = 0;
  std::size_t messages = 0;
  std::size_t windows_open = 0;
  std::size_t api_connections = 0;
  std::size_t control_connections = 0;
  std::size_t event_streams = 0;
};

// The text format 0.0.4: every series of docs/CONTROL_API.md, sorted within each.
std::string metrics_text(const Metrics& metrics, const Gauges& gauges);

}  // namespace twindow::app
