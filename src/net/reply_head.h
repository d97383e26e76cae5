// SPDX-License-Identifier: Apache-2.0
// A reply's status line and headers as bytes.
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "twindow/base/clock.h"
#include "twindow/wire/http.h"

namespace twindow::net {

// `Thu, 24 Aug 2023 05:01:45 GMT`, written anew once a second. One thread.
class DateText {
 public:
  std::string_view at(Time now);

 private:
  std::chrono::sys_seconds written_for_{};
  std::string text_;
};

// How the connection frames this reply.
struct ReplyFrame {
  bool to_head = false;     // the reply to a HEAD request
  bool keeps_alive = true;  // else `Connection: close`
  bool chunked = false;     // of a stream
  bool sized = false;       // of a stream too: as long as the reply's Content-Length says
  std::string_view date = {};
};

// False for a reply that must not be written: a header name that is no token, a value with control
// bytes, a status that is not a final one.
bool is_sendable(const wire::HttpReply& reply);

// True if a reply of this status, to such a request, is followed by a body.
bool has_body(int status, bool to_head);

// The Content-Length that a streamed reply brings; nothing unless it is one number.
std::optional<std::uint64_t> length_of_stream(const wire::HttpReply& reply);

// Appends the head of a sendable reply to `out`, with the empty line.
void append_reply_head(std::string& out, const wire::HttpReply& reply, const ReplyFrame& frame);

}  // namespace twindow::net
