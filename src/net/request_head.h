// SPDX-License-Identifier: Apache-2.0
// A request's head as values, and how its body is framed; read with Beast's parser, plus the
// checks that Beast does not make.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "twindow/base/expected.h"
#include "twindow/wire/http.h"

#include "src/net/refusal.h"

namespace twindow::net {

struct RequestHead {
  std::string_view method;  // views into the parsed bytes
  std::string_view target;
  wire::Headers headers = {};  // order, case and repetitions as sent
  bool http10 = false;
  bool keeps_alive = false;
  bool chunked = false;
  bool expects_continue = false;
  std::uint64_t content_length = 0;  // 0 without one and if chunked
};

// `head` is what HeadScanner found complete: from the method to the empty line, inclusive.
//
// Refused with 400 (RFC 9112 sections 3.2, 6.1, 6.3; contract section 10): no Host in HTTP/1.1,
// more than one, an empty or malformed one; more than one Content-Length, equal or not, or one
// that is not just digits; Content-Length with Transfer-Encoding; a Transfer-Encoding that is not
// exactly `chunked` or in HTTP/1.0; a target that is neither a path, nor an http(s) URL, nor `*`
// for OPTIONS. An Expect other than 100-continue: 417. A Content-Length above `body_bytes_max`:
// 413.
// A target of CONNECT is `host:port`.
Expected<RequestHead, Refusal> parse_head(std::string_view head, std::size_t body_bytes_max);

// A view into the target of CONNECT, without brackets; nothing without a port from 1.
struct Authority {
  std::string_view host;
  std::uint16_t port;
};
std::optional<Authority> authority_of(std::string_view target);

}  // namespace twindow::net
