// SPDX-License-Identifier: Apache-2.0
// Finds the end of a request head in the bytes that have come so far, and refuses what no parser
// should have to interpret: by raw bytes, line by line, as early as they are there.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "twindow/base/limits.h"

#include "src/net/refusal.h"

namespace twindow::net {

// One request. Each call of `scan` is given all bytes from the request's first on, at any address.
//
// Refused: control bytes, bare CR or LF, non-ASCII bytes in the request line (400); a request line
// that is not `METHOD SP target SP HTTP/d.d` (400); versions other than 1.0 and 1.1 (505); TRACE
// and, unless `connects`, CONNECT (405), unknown methods (501); folded lines, lines without a name
// or with bytes in it that are no token (400); request line (414), head or number of headers too
// long (431).
class HeadScanner {
 public:
  explicit HeadScanner(std::size_t bytes_max, bool connects = false)
      : bytes_max_(bytes_max), connects_(connects) {}

  enum class State { NeedsMore, Complete, Refused };
  State scan(std::string_view bytes);

  const Refusal& refusal() const { return *refusal_; }  // of Refused
  // Of Complete: where the head begins (after an empty line, which a client may send between two
  // requests: RFC 9112 section 2.2) and where the body does.
  std::size_t head_begin() const { return begin_; }
  std::size_t head_end() const { return checked_; }

  // Of the request line, as soon as it is there; empty before.
  std::string_view method(std::string_view bytes) const;
  std::string_view target(std::string_view bytes) const;

 private:
  State refuse(int status, std::string_view detail);
  bool end_line(std::string_view line);
  bool check_request_line(std::string_view line);
  bool check_version(std::string_view version);
  bool check_header_line(std::string_view line);
  State check_partial_line(std::string_view partial);

  std::size_t bytes_max_;
  bool connects_;
  std::size_t begin_ = 0;
  std::size_t checked_ = 0;    // everything before is whole lines that are good
  std::size_t looked_at_ = 0;  // there is no LF between checked_ and this
  std::size_t method_size_ = 0;
  std::size_t target_size_ = 0;
  std::size_t headers_ = 0;
  bool complete_ = false;
  std::optional<Refusal> refusal_;
};

}  // namespace twindow::net
