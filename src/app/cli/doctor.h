// SPDX-License-Identifier: Apache-2.0
// `twindow doctor`: is everything as it must be, and if not, what to do.
#pragma once

#include "src/app/cli/surroundings.h"
#include "src/app/config_load.h"

namespace twindow::app {

struct DoctorCommand {
  ConfigSources sources = {};
  std::string format = "table";
  bool fix = false;  // sets the webhook URLs at Twilio, after asking
  bool yes = false;  // without asking
};

// 0 if nothing is wrong, 1 if the configuration or a setting is, 3 if somebody did not answer (also
// if something is wrong besides).
int doctor(const DoctorCommand& options, Surroundings& around);

}  // namespace twindow::app
