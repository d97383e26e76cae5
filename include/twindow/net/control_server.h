// SPDX-License-Identifier: Apache-2.0
// The server of the control port: few clients, long waits, event streams. Built on cpp-httplib,
// which brings the threads and writes the answers; what comes in is read by ourselves, strictly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "twindow/base/limits.h"
#include "twindow/base/task.h"
#include "twindow/model/error.h"
#include "twindow/wire/call_log.h"
#include "twindow/wire/http.h"

namespace twindow::net {

struct ControlServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: the system picks one
  std::size_t body_bytes_max = limits::kControlBodyBytesMax;
  // Each open connection holds one; they are made as they are needed. When all are taken the
  // connection that is idle for longest makes room; event streams may take three quarters of
  // them, then 503. Many, since the clients of parallel test suites keep their connections.
  unsigned threads = 512;
};

// Every call of every method goes to one handler, run on a strand of `runs_handlers` while a
// thread of the server waits for it. A handler that throws is answered 500; one whose client has
// gone, or whose server stops, is cancelled after a moment and, if it goes on, left behind: it
// must not hold references into what dies with the server. A BodyStream is written piece by
// piece (chunked) and destroyed as soon as its reader has gone or the server stops.
//
// What is refused here is answered {"errors":[{"title","detail","pointer":""}]}: 400 ambiguous or
// garbled framing, 408, 413, 417, 431 over 32 KiB of head, 500, 503, 505. A HEAD is handed on and
// its answer is written without the body.
class ControlServer {
 public:
  // Listens and serves from here on. Errc::Unavailable, naming the address, if it is taken.
  // `runs_handlers` outlives the server.
  static Result<std::unique_ptr<ControlServer>> listen(
      boost::asio::io_context::executor_type runs_handlers, ControlServerOptions options,
      wire::Handler handler, wire::CallLog log);
  ~ControlServer();  // stops

  std::string address() const;  // as in the options
  std::uint16_t port() const;
  std::size_t connections() const;  // that a thread is serving

  // No new calls; event streams end, idle connections are closed, calls in flight have a moment
  // to answer. Returns within about a second, whatever the clients do. Safe to call again; not
  // from a handler.
  void stop();

 private:
  class Impl;
  explicit ControlServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace twindow::net
