// SPDX-License-Identifier: Apache-2.0
// `twindow readyz` and `twindow reset`.
#pragma once

#include <string>

#include "src/app/cli/client_options.h"
#include "src/app/cli/surroundings.h"

namespace twindow::app {

struct Reset {
  ClientOptions client = {};
};
int reset(const Reset& options, Server& server, const Terminal& terminal);

struct Readyz {
  ClientOptions client = {};
  bool wait = false;
  std::string timeout = "30s";
};
// 0 if the server is ready; 3 if it is not, or there is none. With `wait` asks again until it is
// ready or the timeout has passed.
int readyz(const Readyz& options, Server& server, Surroundings& around);

}  // namespace twindow::app
