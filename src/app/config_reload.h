// SPDX-License-Identifier: Apache-2.0
// Reads the configuration again while the server runs.
#pragma once

#include <functional>
#include <string_view>

#include "src/app/config_load.h"
#include "src/app/log.h"
#include "src/app/metrics.h"

namespace twindow::app {

class ConfigReload {
 public:
  // Puts into force whatever can change while the server runs; an error means: nothing was.
  using Apply = std::function<Result<void>(const Config& config)>;

  // `in_force` is what the server was started with. `log` and `metrics` outlive it.
  ConfigReload(ConfigSources sources, Config in_force, Apply apply, Log& log, Metrics& metrics);

  // Reads all sources and takes what can be taken; says in the log what was, and what needs a
  // restart. A mistake anywhere, told as at the start, and all stays as it was.
  void run(std::string_view why);

 private:
  void refuse(std::string_view why, const std::vector<Mistake>& mistakes);

  ConfigSources sources_;
  Config in_force_;
  Apply apply_;
  Log& log_;
  Metrics& metrics_;
};

}  // namespace twindow::app
