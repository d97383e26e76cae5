// SPDX-License-Identifier: Apache-2.0
// A whole file as text.
#pragma once

#include <filesystem>
#include <string>

#include "twindow/base/expected.h"

namespace twindow::app {

// At most 16 MiB. The error is the system's reason: "No such file or directory".
Expected<std::string, std::string> read_text(const std::filesystem::path& path);

}  // namespace twindow::app
