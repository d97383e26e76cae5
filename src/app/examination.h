// SPDX-License-Identifier: Apache-2.0
// The doctor with real threads and sockets.
#pragma once

#include <memory>

#include "src/app/finding.h"

namespace twindow::app {

std::unique_ptr<Doctor> make_doctor(const Config& config);

}  // namespace twindow::app
