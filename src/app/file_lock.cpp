// SPDX-License-Identifier: Apache-2.0
#include "src/app/file_lock.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace twindow::app {

namespace {

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Expected<FileLock, std::string> FileLock::take(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) return Unexpected(reason());
  FileLock lock(descriptor);
  while (::flock(descriptor, LOCK_EX) != 0) {
    if (errno != EINTR) return Unexpected(reason());
  }
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Expected<void, std::string> write_file(const std::filesystem::path& file, std::string_view text,
                                       unsigned mode) {
  std::string temporary = file.string() + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) return Unexpected(reason());
  const bool written = ::fchmod(descriptor, static_cast<mode_t>(mode)) == 0 &&
                       write_all(descriptor, text) && ::fsync(descriptor) == 0;
  std::string why = written ? "" : reason();
  ::close(descriptor);
  if (written && ::rename(temporary.c_str(), file.c_str()) == 0) return {};
  if (written) why = reason();
  ::unlink(temporary.c_str());
  return Unexpected(std::move(why));
}

}  // namespace twindow::app
