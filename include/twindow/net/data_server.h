// SPDX-License-Identifier: Apache-2.0
// The server of the Twilio face: strict HTTP/1.1 over TCP or TLS, also as a proxy by CONNECT.
// Whatever is ambiguous or too large is refused before a handler sees it (contract, section 10);
// the rest reaches the handler as it was sent: order, case, repetitions, raw body.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "twindow/base/limits.h"
#include "twindow/model/error.h"
#include "twindow/net/endpoint.h"
#include "twindow/net/io_threads.h"
#include "twindow/net/tls_server.h"
#include "twindow/wire/call_log.h"
#include "twindow/wire/http.h"

namespace twindow::net {

struct DataServerState;

// What becomes of `CONNECT host:port`.
struct ConnectDecision {
  enum class What : std::uint8_t {
    Serve,   // its TLS ends here, and the calls inside are the handler's
    Tunnel,  // bytes go to and fro, unread
    Refuse,  // 403
  };
  What what = What::Refuse;
  std::string detail = {};  // of Refuse: a sentence for people, printable ASCII without quotes
};
// `host` as sent, without brackets. Thread-safe; never blocks, never throws.
using ConnectJudge = std::function<ConnectDecision(std::string_view host, std::uint16_t port)>;

struct DataServerOptions {
  std::string address = "127.0.0.1";  // an IP address
  std::uint16_t port = 0;             // 0: the system picks one
  std::size_t head_bytes_max = limits::kHeadBytesMax;
  std::size_t body_bytes_max = limits::kBodyBytesMax;
  std::chrono::milliseconds head_time = limits::kHeadTime;    // from a request's first byte
  std::chrono::milliseconds body_time = limits::kBodyTime;    // from the end of its head
  std::chrono::milliseconds idle_time = limits::kIdleTime;    // between two requests
  std::chrono::milliseconds write_time = limits::kWriteTime;  // without progress
  // Connections open at once; nearly all of many are idle. The next one is answered 503.
  std::size_t idle_connections_max = limits::kIdleConnectionsMax;
  // For `tls_from_start` and what CONNECT serves; outlives the server.
  TlsServer* tls = nullptr;
  bool tls_from_start = false;
  // Without it CONNECT is 405, as it is inside TLS.
  ConnectJudge connect = {};
};

// Times are kept by a sweep per thread: they may pass by up to a quarter of the shortest of them,
// half a second at most.
//
// Of a reply's headers the adapter writes Connection and Transfer-Encoding itself and drops the
// handler's; Date is added unless the handler gave one. Content-Length is the body's, in the place
// of the handler's if it gave one; a streamed body is sent with the length that the handler gives,
// else in chunks; a reply to HEAD, and a 304, with an empty body may bring the length that GET
// would have. A reply with a header that could split it (CR, LF, control bytes) is sent as a 500.
class DataServer {
 public:
  // Listens and accepts from now on (as soon as `threads` run). `threads` outlives the server; the
  // handler is awaited on the thread of the call's connection, and may be suspended in a call when
  // the server goes, until `threads` are destroyed. A taken port or a foreign address is
  // Errc::Unavailable, with a detail that says which.
  static Result<std::unique_ptr<DataServer>> listen(IoThreads& threads, DataServerOptions options,
                                                    wire::Handler handler, wire::CallLog call_log,
                                                    wire::ErrorReply error_reply);
  // drain(0): closes whatever is open.
  ~DataServer();
  DataServer(const DataServer&) = delete;
  DataServer& operator=(const DataServer&) = delete;

  // With the real port.
  Endpoint endpoint() const;

  // Stops accepting, closes idle connections at once, lets calls in flight finish with
  // `Connection: close`, and closes what is left after `longest`. Blocks until all are closed; not
  // for use from one of the threads.
  void drain(std::chrono::milliseconds longest);

  std::size_t connections() const;

 private:
  explicit DataServer(std::shared_ptr<DataServerState> state);
  // Shared with the coroutines of the connections, which may end after the server.
  std::shared_ptr<DataServerState> state_;
};

}  // namespace twindow::net
