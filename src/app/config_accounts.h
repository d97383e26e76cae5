// SPDX-License-Identifier: Apache-2.0
// The "accounts" of the configuration file.
#pragma once

#include <vector>

#include "twindow/model/account.h"

#include "src/app/config_node.h"

namespace twindow::app {

std::vector<AccountOptions> read_accounts(const ConfigNode& node);

}  // namespace twindow::app
