// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "src/app/runner/run_files.h"

namespace twindow::app {

// From reading one file to the end of its app.
Outcome run_file(const std::filesystem::path& file, const RunOptions& options,
                 const RunnerParts& parts);

}  // namespace twindow::app
