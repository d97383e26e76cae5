// SPDX-License-Identifier: Apache-2.0
// The store that the configuration names.
#pragma once

#include <memory>
#include <string_view>

#include "twindow/store/open_store.h"

#include "src/app/config.h"

namespace twindow::app {

std::string_view name_of(StoreKind kind);  // "memory", "sqlite", "postgresql"

// Makes the data folder if the database is to be in it. Errc::Unavailable, with what to do.
Result<std::unique_ptr<store::Backend>> open_backend(const Config& config);

}  // namespace twindow::app
