// SPDX-License-Identifier: Apache-2.0
#include "src/app/control_token.h"

#include <filesystem>

#include "src/app/config_secret.h"
#include "src/app/file_lock.h"
#include "src/app/secrets.h"

namespace twindow::app {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTokenBytes = 32;
constexpr unsigned kTokenMode = 0600;

Unexpected<Error> trouble(const fs::path& file, const std::string& why) {
  return fail(Errc::Unavailable, file.string() + ": " + why);
}

}  // namespace

Result<std::optional<AuthToken>> control_token(const Config& config) {
  if (config.control_token || config.mode != Mode::Proxy) return config.control_token;
  const fs::path file = config.data_dir / "control.token";
  std::error_code error;
  const bool there = fs::exists(config.data_dir, error);
  fs::create_directories(config.data_dir, error);
  if (error) return trouble(config.data_dir, error.message());
  if (!there) fs::permissions(config.data_dir, fs::perms::owner_all, error);
  // Servers that start at once agree on one.
  const fs::path lock_file = config.data_dir / "control.lock";
  const auto lock = FileLock::take(lock_file);
  if (!lock) return trouble(lock_file, lock.error());
  if (!fs::exists(file, error)) {
    const auto written = write_file(file, random_hex(kTokenBytes) + "\n", kTokenMode);
    if (!written) return trouble(file, written.error());
  }
  const auto others = fs::perms::group_all | fs::perms::others_all;
  if ((fs::status(file, error).permissions() & others) != fs::perms::none) {
    return trouble(file, "others may read it, expected mode 0600; remove it to have another made");
  }
  auto token = read_secret_file(file);
  if (!token) return trouble(file, "a token " + token.error());
  return std::optional<AuthToken>(*std::move(token));
}

}  // namespace twindow::app
