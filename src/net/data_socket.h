// SPDX-License-Identifier: Apache-2.0
// The bytes of one connection of the data plane, in clear text or, from some moment on, in TLS.
// One coroutine at a time reads, one writes; one thread.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "twindow/base/task.h"
#include "twindow/net/tls_server.h"

#include "src/net/tls_session.h"

namespace twindow::net {

class DataSocket {
 public:
  using Tcp = boost::asio::ip::tcp::socket;
  using error_code = boost::system::error_code;

  explicit DataSocket(Tcp socket);

  bool is_open() const { return tcp_.is_open(); }
  // Wakes whoever waits, with nothing read or written.
  void cancel();
  void close();

  // Speaks TLS from now on, with the certificate for the name the client asks for or else
  // `default_name`. `server` outlives the socket.
  enum class Handshake { Done, Failed, ClearText };  // ClearText: it was HTTP; TLS is off again
  Task<Handshake> shake_hands(TlsServer& server, std::string default_name, std::string peer);
  // The client's side, towards `host`: why there is no TLS, in OpenSSL's words; empty if there is.
  Task<std::string> shake_hands_with(std::string host, TlsClient& client);
  bool is_tls() const { return tls_ != nullptr; }
  // The name the client asked for in TLS; empty without.
  std::string server_name() const { return tls_ == nullptr ? "" : tls_->server_name(); }
  // This end's address, as text.
  std::string local_address() const;

  // Waits for bytes; 0 at the end, however it came about.
  Task<std::size_t> read_some(boost::asio::mutable_buffer room) {
    return read_some(room, ignored_);
  }
  // The same; `error` is eof if the end was in order, anything else if the connection broke.
  Task<std::size_t> read_some(boost::asio::mutable_buffer room, error_code& error);
  // Does not wait: `error` is would_block if there is nothing.
  std::size_t read_now(boost::asio::mutable_buffer room, error_code& error);
  // False if there will be nothing more to read.
  Task<bool> wait_readable();

  // As much as the socket takes at once, removed from the views' fronts. False if it is broken.
  bool write_now(std::string_view& first, std::string_view& second, std::size_t& bytes);
  // False if it is broken.
  Task<bool> wait_writable();

  // Closes so that the peer sees a reset, whatever it has still to read.
  void reset();

  // Tells the peer that nothing more will come.
  void finish_writing();

  // False if the peer has closed its side, the connection broke or bytes are there: none of which
  // may be on a connection on which nothing is asked.
  bool is_quiet();

  // Ends when the peer has closed its side, or the connection broke. Bytes of a next request hide
  // the close; from then on only a reset is seen.
  Task<void> peer_gone();

  // For what needs no TLS: a tunnel, and the read of a connection that was just answered.
  Tcp& tcp() { return tcp_; }

 private:
  Task<bool> wait(TlsStep needed);

  Tcp tcp_;
  std::unique_ptr<TlsSession> tls_;
  // What the last try lacked; TLS may have to write in order to read, and the other way round.
  TlsStep read_needs_ = TlsStep::WantRead;
  TlsStep write_needs_ = TlsStep::WantWrite;
  error_code ignored_;
};

}  // namespace twindow::net
