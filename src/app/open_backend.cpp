// SPDX-License-Identifier: Apache-2.0
#include "src/app/open_backend.h"

#include <system_error>

namespace twindow::app {

namespace fs = std::filesystem;

namespace {

Result<void> make_data_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error)) return {};
  fs::create_directories(folder, error);
  if (error) return fail(Errc::Unavailable, folder.string() + ": " + error.message());
  fs::permissions(folder, fs::perms::owner_all, error);
  return {};
}

}  // namespace

std::string_view name_of(StoreKind kind) {
  if (kind == StoreKind::Postgresql) return "postgresql";
  return kind == StoreKind::Sqlite ? "sqlite" : "memory";
}

Result<std::unique_ptr<store::Backend>> open_backend(const Config& config) {
  const store::Retention retention{.messages_max = config.max_messages};
  if (config.store.kind == StoreKind::Memory) return store::open_memory_backend(retention);
  if (config.store.kind == StoreKind::Postgresql) {
    return fail(Errc::Unavailable, "store \"postgresql:\" is not in this version yet");
  }
  const fs::path file = config.store.location;
  if (file.parent_path() == config.data_dir) TWINDOW_TRY(make_data_folder(config.data_dir));
  return store::open_sqlite_backend({.file = file, .retention = retention});
}

}  // namespace twindow::app
