// SPDX-License-Identifier: Apache-2.0
// Notices that a file has been written again: in place, or by another file put in its place, as
// editors and deployments do it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace twindow::app {

// By inotify. Not thread-safe.
class FileWatch {
 public:
  explicit FileWatch(std::filesystem::path file);  // an empty path: nothing is watched
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // False: the system has no watch left for us, or the folder is not there.
  bool works() const { return folder_watch_ >= 0; }

  // Becomes readable when it is time to ask `changed`; negative if nothing is watched.
  int descriptor() const { return descriptor_; }
  // True if the file may be another than when this was asked before. A file that has gone has not
  // changed.
  bool changed();

 private:
  // Device, inode, size, and when it was written.
  using Identity = std::array<std::uint64_t, 5>;
  std::optional<Identity> identity() const;
  bool take_events();

  std::filesystem::path file_;
  int descriptor_ = -1;
  int folder_watch_ = -1;
  int file_watch_ = -1;  // of the file that is there now
  std::optional<Identity> identity_ = {};
};

}  // namespace twindow::app
