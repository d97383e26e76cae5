// SPDX-License-Identifier: Apache-2.0
// Carries calls to Twilio, or to the one server that stands for it, and brings the answers back as
// they came: HTTP/1.1 over TCP or TLS, on connections that are kept for the next call.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "twindow/base/limits.h"
#include "twindow/base/task.h"
#include "twindow/model/error.h"
#include "twindow/net/io_threads.h"
#include "twindow/wire/upstream.h"

namespace twindow::net {

// Whom a connection is open to.
struct UpstreamServer {
  bool tls = true;
  std::string host = {};  // a name, or an address without brackets
  std::uint16_t port = 443;

  friend auto operator<=>(const UpstreamServer&, const UpstreamServer&) = default;
};

struct UpstreamOptions {
  // Without it each call goes to port 443 of its own host. Its certificate must be for its own
  // name; the Host header names the product's host all the same.
  std::optional<UpstreamServer> one_for_all = {};
  std::string ca_file = {};  // PEM, trusted besides the system's store
  std::chrono::milliseconds connect_time = limits::kUpstreamConnectTime;  // name to TLS
  std::chrono::milliseconds answer_time = limits::kUpstreamAnswerTime;    // to its head's end
  std::chrono::milliseconds gap_time = limits::kUpstreamGapTime;  // between two bytes of a body
  std::chrono::milliseconds idle_time = limits::kUpstreamIdleTime;
  std::size_t idle_max = limits::kUpstreamIdleMax;  // per server and thread
  std::size_t head_bytes_max = limits::kUpstreamHeadBytesMax;
  // A body of known length up to this is handed on in one piece, all others as they come.
  std::size_t whole_bytes_max = limits::kUpstreamWholeBytesMax;
};

// A call waits on a socket, not on a thread: thousands of them are thousands of connections. Each
// connection lives on one of the threads, and is kept for calls from that thread; a call from one
// of their coroutines (on no strand) stays where it is, any other is carried there and back.
//
// Times, but for that of connecting, are kept by a sweep per thread: they may pass by up to a
// quarter of the shortest of them, half a second at most.
class UpstreamClient {
 public:
  // `threads` outlive the client; calls under way may outlive it too. Errc::BadInput if the
  // certificates to trust cannot be read.
  static Result<std::unique_ptr<UpstreamClient>> create(IoThreads& threads,
                                                        UpstreamOptions options);
  ~UpstreamClient();
  UpstreamClient(const UpstreamClient&) = delete;
  UpstreamClient& operator=(const UpstreamClient&) = delete;

  // As the types say. The request's headers of one hop are left out (upstream_request.h), and so
  // are the answer's; interim answers (1xx) are read over. The reply's headers are in order, with
  // Content-Length if there was one. A body that breaks off once it is being streamed ends the
  // stream with an exception.
  //
  // Nothing is ever sent twice but this: a GET or HEAD that met a kept connection which ended
  // before the first byte of an answer, and any request of which not one byte could be written to
  // a kept connection, is sent once more on a fresh one.
  Task<wire::UpstreamReply> exchange(wire::UpstreamCall call);
  // The same for who must not know of us; the client outlives it.
  wire::Upstream upstream();

  struct State;

 private:
  explicit UpstreamClient(std::shared_ptr<State> state);
  // Shared with the calls under way and their bodies.
  std::shared_ptr<State> state_;
};

}  // namespace twindow::net
