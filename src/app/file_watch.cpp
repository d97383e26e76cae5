// SPDX-License-Identifier: Apache-2.0
#include "src/app/file_watch.h"

#include <cstring>

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace twindow::app {

FileWatch::FileWatch(std::filesystem::path file) : file_(std::move(file)) {
  if (file_.empty()) return;
  descriptor_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor_ < 0) return;
  const std::filesystem::path folder = file_.has_parent_path() ? file_.parent_path() : ".";
  // The folder, since another file may be put in this one's place.
  folder_watch_ =
      ::inotify_add_watch(descriptor_, folder.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO | IN_ONLYDIR);
  // And the file: a link, or a container's mount, is written to from another folder.
  file_watch_ = ::inotify_add_watch(descriptor_, file_.c_str(), IN_CLOSE_WRITE);
  identity_ = identity();
}

FileWatch::~FileWatch() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool FileWatch::changed() {
  const bool written = take_events();
  const auto before = identity_;
  identity_ = identity();
  if (!identity_) return false;
  const bool another = identity_ != before;
  if (another) file_watch_ = ::inotify_add_watch(descriptor_, file_.c_str(), IN_CLOSE_WRITE);
  return written || another;
}

// True if the file itself was written, which its identity need not show: clocks of file systems are
// slow. Events of others in the folder may mean that a link on the way to it was turned.
bool FileWatch::take_events() {
  bool written = false;
  alignas(inotify_event) std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t size = ::read(descriptor_, buffer.data(), buffer.size());
    if (size <= 0) return written;
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event;
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = event.len > 0 ? buffer.data() + at + sizeof event : "";
      written = written || (event.mask & IN_Q_OVERFLOW) != 0 ||
                (event.wd == file_watch_ && (event.mask & IN_CLOSE_WRITE) != 0) ||
                (event.wd == folder_watch_ && file_.filename() == name);
      at += sizeof event + event.len;
    }
  }
}

std::optional<FileWatch::Identity> FileWatch::identity() const {
  struct stat found {};
  if (::stat(file_.c_str(), &found) != 0) return std::nullopt;
  return Identity{
      static_cast<std::uint64_t>(found.st_dev), static_cast<std::uint64_t>(found.st_ino),
      static_cast<std::uint64_t>(found.st_size), static_cast<std::uint64_t>(found.st_mtim.tv_sec),
      static_cast<std::uint64_t>(found.st_mtim.tv_nsec)};
}

}  // namespace twindow::app
