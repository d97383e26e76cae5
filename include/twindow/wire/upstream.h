// SPDX-License-Identifier: Apache-2.0
// Forwarding as values: a call to one of Twilio's hosts, its answer, and why there is none. As with
// Handler, who needs it is handed a function; the one that opens sockets is net's.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "twindow/base/expected.h"
#include "twindow/base/task.h"
#include "twindow/wire/http.h"

namespace twindow::wire {

struct UpstreamCall {
  std::string host;  // of the product: "api.twilio.com"; what the Host header will say
  std::string method;
  std::string target;    // path and query, as sent
  Headers headers = {};  // as sent: what concerns one hop only is left out by who writes them
  std::string body = {};
};

enum class UpstreamFault : std::uint8_t {
  NotConnected,  // no address, nobody there, or not in time
  NotTrusted,    // no TLS: the certificate is not good for this host, or there is no TLS at all
  Late,          // no answer in time
  Broken,        // the connection ended before the answer did
  Malformed,     // what came is no answer, or none whose end is certain
};

struct UpstreamFailure {
  UpstreamFault fault = UpstreamFault::NotConnected;
  // A byte of the request has left: Twilio may have got it, and may have acted.
  bool may_have_arrived = false;
  std::string detail = {};  // what happened, for people: "api.twilio.com: connection refused"
};

using UpstreamReply = Expected<HttpReply, UpstreamFailure>;

// May be awaited on any executor; the BodyStream of a reply too. Never throws.
using Upstream = std::function<Task<UpstreamReply>(UpstreamCall)>;

}  // namespace twindow::wire
