// SPDX-License-Identifier: Apache-2.0
// A body as Twilio's front compresses it.
#pragma once

#include <string>

#include <zlib.h>

namespace twindow::test {

// gzip.
inline std::string compressed(const std::string& text) {
  constexpr int kGzip = MAX_WBITS + 16;
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
  std::string made(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(made.data());
  stream.avail_out = static_cast<uInt>(made.size());
  deflate(&stream, Z_FINISH);
  made.resize(stream.total_out);
  deflateEnd(&stream);
  return made;
}

}  // namespace twindow::test
