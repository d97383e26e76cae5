// SPDX-License-Identifier: Apache-2.0
// Files that several processes share: a lock between them, and writing that is seen whole or not
// at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "twindow/base/expected.h"

namespace twindow::app {

// Held until destruction, also by a process that is killed.
class FileLock {
 public:
  // Waits for it. The error is the system's reason.
  static Expected<FileLock, std::string> take(const std::filesystem::path& file);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// On disk under its name when this returns. `mode` as chmod's, whatever the umask is.
Expected<void, std::string> write_file(const std::filesystem::path& file, std::string_view text,
                                       unsigned mode);

}  // namespace twindow::app
