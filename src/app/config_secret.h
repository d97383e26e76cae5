// SPDX-License-Identifier: Apache-2.0
// Secrets of the configuration: written there, or better in a file or a variable of their own.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "twindow/base/expected.h"
#include "twindow/model/account.h"

#include "src/app/config_node.h"

namespace twindow::app {

// A plain text, {"file": "/run/secrets/tw"} or {"env": "KEY"}. Empty after a mistake was noted.
std::optional<AuthToken> read_secret(const ConfigNode& node);

// The first line of a file. The error says why it cannot be used, as in "which cannot be read (No
// such file or directory)".
Expected<AuthToken, std::string> read_secret_file(const std::filesystem::path& path);

}  // namespace twindow::app
