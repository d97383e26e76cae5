// SPDX-License-Identifier: Apache-2.0
#include "src/app/read_text.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "twindow/base/limits.h"

namespace twindow::app {

Expected<std::string, std::string> read_text(const std::filesystem::path& path) {
  std::error_code error;
  // Opening a folder succeeds; only reading it fails, without a reason.
  if (std::filesystem::is_directory(path, error)) return Unexpected(std::string("it is a folder"));
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return Unexpected(std::string(std::strerror(errno)));
  std::string text;
  char piece[4096];
  while (in.read(piece, sizeof piece) || in.gcount() > 0) {
    text.append(piece, static_cast<std::size_t>(in.gcount()));
    if (text.size() > limits::kControlBodyBytesMax) {
      return Unexpected(std::string("it is larger than 16 MiB"));
    }
  }
  return text;
}

}  // namespace twindow::app
