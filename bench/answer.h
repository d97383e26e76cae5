// SPDX-License-Identifier: Apache-2.0
// What the load generators know of HTTP: the requests they are given, and where an answer ends.
#pragma once

#include <charconv>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace twindow::bench {

// The requests of a file that calls.py wrote, NUL between two.
inline std::vector<std::string> read_requests(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<std::string> requests;
  for (std::string request; std::getline(in, request, '\0');) requests.push_back(request);
  return requests;
}

// The size of the whole answer at the front of `bytes`, or 0 if its end has not come yet. Both
// servers write "Content-Length" so.
inline std::size_t answer_size(std::string_view bytes) {
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return 0;
  std::size_t body_size = 0;
  if (const std::size_t at = bytes.substr(0, head_end).find(kLength); at != bytes.npos) {
    const std::string_view digits = bytes.substr(at + kLength.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), body_size);
  }
  const std::size_t size = head_end + 4 + body_size;
  return size <= bytes.size() ? size : 0;
}

}  // namespace twindow::bench
