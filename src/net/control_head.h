// SPDX-License-Identifier: Apache-2.0
// The head of a request on the control port, read strictly: cpp-httplib decodes header values,
// takes two lengths and forgets limits, so that it is never shown what came from outside.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "twindow/wire/http.h"

#include "src/net/refusal.h"

namespace twindow::net {

struct ControlHead {
  std::string method;
  std::string target;          // as sent
  wire::Headers headers = {};  // as sent, only the blanks around a value are gone
  std::size_t content_length = 0;
  bool chunked = false;
  bool http_1_0 = false;
  bool keep_alive = true;
  bool expects_continue = false;
};

// `head` is everything up to and including the empty line. Refused with 400: a bare CR or LF, a
// folded line, control bytes, no or two Host lines, two Content-Length lines or a value that is
// not digits, any Transfer-Encoding but exactly "chunked", both of them together (RFC 9112 6.3).
// 417: an Expect that is not 100-continue. 431: too many lines. 505: not HTTP/1.
std::variant<ControlHead, Refusal> parse_control_head(std::string_view head);

}  // namespace twindow::net
