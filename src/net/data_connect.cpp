// SPDX-License-Identifier: Apache-2.0
// The doors of a connection: TLS, and what becomes of CONNECT.
#include "twindow/base/limits.h"

#include "src/net/data_connection.h"
#include "src/net/tunnel.h"

namespace twindow::net {

namespace {

using std::chrono::steady_clock;

// In these words: twilio-php 8 looks for them when it takes the answer apart.
constexpr std::string_view kConnected = "HTTP/1.1 200 Connection established\r\n\r\n";

}  // namespace

// False if the connection is over.
Task<bool> DataConnection::start_tls(std::string default_name) {
  if (state_->options.tls == nullptr) co_return false;
  set_deadline(steady_clock::now() + limits::kTlsTime);
  // Nobody has asked for anything yet: a server that drains need not wait for this.
  idle_ = true;
  const DataSocket::Handshake end =
      co_await socket_.shake_hands(*state_->options.tls, std::move(default_name), peer_);
  idle_ = false;
  if (end == DataSocket::Handshake::Done) co_return true;
  if (end == DataSocket::Handshake::ClearText) {
    begin_exchange();
    const Refusal refusal{400, "This port speaks TLS: use https, or http on the port for it."};
    co_await refuse(refusal);
  }
  co_return false;
}

// False if the connection is over.
Task<bool> DataConnection::answer_connect(const RequestHead& head) {
  const auto authority = authority_of(head.target);  // parse_head has seen to it
  const std::string host(authority->host);
  const std::uint16_t port = authority->port;
  bool open = false;
  if (head.chunked || head.content_length > 0 ||
      buffer_.view().size() > exchange_->scanner.head_end()) {
    const Refusal refusal{400, "CONNECT has no body, and nothing follows before its answer."};
    open = co_await refuse(refusal);
    co_return open;
  }
  ConnectDecision decision = state_->options.connect(host, port);
  switch (decision.what) {
    case ConnectDecision::What::Serve:
      open = co_await answer_host(host);
      break;
    case ConnectDecision::What::Tunnel:
      open = co_await answer_tunnel(host, port);
      break;
    case ConnectDecision::What::Refuse:
      open = co_await refuse_connect(403, std::move(decision.detail));
      break;
  }
  co_return open;
}

Task<bool> DataConnection::answer_host(std::string host) {
  const bool sent = co_await confirm_connect();
  if (!sent) co_return false;
  const bool open = co_await start_tls(std::move(host));
  co_return open;
}

Task<bool> DataConnection::answer_tunnel(std::string host, std::uint16_t port) {
  set_deadline(SteadyTime::max());
  auto opened = co_await open_tunnel(host, port, limits::kTunnelConnectTime);
  if (!opened) {
    const int status = opened.error().code == Errc::TimedOut ? 504 : 502;
    const bool open = co_await refuse_connect(status, opened.error().detail);
    co_return open;
  }
  const bool sent = co_await confirm_connect();
  if (!sent) co_return false;
  set_deadline(SteadyTime::max());
  co_await join(socket_.tcp(), *opened, state_->options.idle_time);
  co_return false;
}

// Clients hide the body of an answer to CONNECT; the header (RFC 9209) is seen with `curl -v`.
Task<bool> DataConnection::refuse_connect(int status, std::string detail) {
  wire::HttpReply reply = error_reply(status, detail);
  for (char& c : detail) {
    if (c < ' ' || c > '~' || c == '"' || c == '\\') c = '\'';
  }
  reply.headers.push_back(
      {"Proxy-Status", "twindow; error=http_request_denied; details=\"" + detail + "\""});
  exchange_->keeps_alive = false;
  co_await respond(std::move(reply));
  co_return false;
}

Task<bool> DataConnection::confirm_connect() {
  set_deadline(steady_clock::now() + state_->options.write_time);
  const bool sent = co_await send(kConnected);
  log(wire::HttpReply{.status = 200});
  buffer_.release();
  exchange_.reset();
  co_return sent;
}

}  // namespace twindow::net
