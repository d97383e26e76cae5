// SPDX-License-Identifier: Apache-2.0
// HTTP as values: what came in, what goes out, and who answers. No server library is known here;
// the adapters in `net` make these from their own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "twindow/base/task.h"

namespace twindow::wire {

struct Header {
  std::string name;
  std::string value;

  friend bool operator==(const Header&, const Header&) = default;
};

// Order, spelling and repetitions as they came.
using Headers = std::vector<Header>;

// The value of the first header with this name, letter case ignored; empty if there is none.
std::optional<std::string_view> find_header(const Headers& headers, std::string_view name);

struct HttpCall {
  std::string method;  // as sent: "POST"
  std::string target;  // as sent, nothing decoded: path and query, or an absolute URL
  Headers headers = {};
  std::string body = {};  // raw, transfer coding removed
  std::string peer = {};  // address of the socket's other end: "127.0.0.1"
  bool tls = false;
  std::string server_name = {};  // of TLS: the host that was asked for, by SNI or CONNECT
};

// The parts of `target`, still encoded: an absolute form's scheme and authority are cut off, a
// fragment is too. "http://h/a?b=c" and "/a?b=c" both have path "/a" and query "b=c".
struct TargetParts {
  std::string_view authority;  // of an absolute form, else empty
  std::string_view path;
  std::string_view query;
};
TargetParts split_target(std::string_view target);

// A body that comes piece by piece. `next` gives the next piece, or nothing when it is over; it
// is never called again before it has answered. Destroyed when the reader has gone.
class BodyStream {
 public:
  virtual ~BodyStream() = default;
  virtual Task<std::optional<std::string>> next() = 0;
};

struct HttpReply {
  int status = 200;
  // Without Content-Length, Connection, Date and Transfer-Encoding: the adapter writes those.
  Headers headers = {};
  // shared_ptr, since replies are copied by server libraries; the stream has one reader.
  std::variant<std::string, std::shared_ptr<BodyStream>> body = std::string();
  // Headers behind those above, as they are written: "Name: value" and CR LF each. Whoever writes
  // them answers for their being well formed.
  std::string own_headers = {};
  // The same again, of static storage: what every reply has is not made anew for each.
  std::string_view fixed_headers = {};
  // The pattern that the path matched, in static storage: "/2010-04-01/Accounts/{AccountSid}/…".
  // Empty if none did. For the call log; never sent.
  std::string_view route = {};
  // The SID of what the call has made, for the call log; never sent.
  std::string subject = {};
  // What is left out on purpose: half of the body, or all of the answer; then the connection is
  // reset. For the data plane, and bodies that are text.
  enum class Ending : std::uint8_t { Whole, Half, Reset };
  Ending ending = Ending::Whole;
};

// All of them, in the order in which they are written; a copy, for who looks at a reply.
Headers all_headers(const HttpReply& reply);

// Answers a call; runs on whatever executor awaits it and never throws.
using Handler = std::function<Task<HttpReply>(HttpCall)>;

// How a server renders what it refuses before any handler has seen it (framing, sizes, time), or a
// failure of its own: in the error shape of its plane. `detail` is a sentence for people.
// Thread-safe; never throws.
using ErrorReply = std::function<HttpReply(int http_status, std::string_view detail)>;

// "CREATED" for 201: api.twilio.com writes its reason phrases in capitals. Empty if unknown.
std::string_view reason_phrase(int status);

}  // namespace twindow::wire
