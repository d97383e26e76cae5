// SPDX-License-Identifier: Apache-2.0
// The server behind a URL.
#pragma once

#include <memory>

#include "src/app/cli/server.h"
#include "src/app/cli/surroundings.h"

namespace twindow::app {

std::unique_ptr<Server> connect_to_server(const ServerAddress& address);

}  // namespace twindow::app
