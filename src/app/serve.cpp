// SPDX-License-Identifier: Apache-2.0
// The wiring of the layers into a running server.
#include "src/app/serve.h"

#include <iostream>

namespace twindow::app {

int serve(const Config&) {
  constexpr int kCouldNotRun = 3;
  std::cerr << "twindow: this build has no server\n";
  return kCouldNotRun;
}

}  // namespace twindow::app
