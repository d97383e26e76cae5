// SPDX-License-Identifier: Apache-2.0
// One side of TLS on one connected socket. OpenSSL reads and writes the socket itself and keeps its
// buffers only while it needs them, which makes a parked connection cheap.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>

#include "twindow/net/tls_server.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX
struct ssl_st;      // and SSL

namespace twindow::net {

class TlsClient;

// How far an operation came without waiting.
enum class TlsStep : std::uint8_t {
  Done,
  WantRead,   // again, once the socket is readable
  WantWrite,  // again, once it is writable
  Closed,     // by the peer, in order
  Failed,
};

class TlsSession {
 public:
  // For the TlsServer: its sessions are given certificates by their names.
  static void choose_certificates_in(ssl_ctx_st& context, TlsServerState& server);

  // `server` outlives it; `socket` is a non-blocking descriptor that stays the caller's. For a
  // client that names no server the certificate is for `default_name`.
  TlsSession(TlsServer& server, int socket, std::string default_name, std::string peer);
  // The client's side, towards `host`.
  TlsSession(TlsClient& client, int socket, std::string host);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  TlsStep shake_hands();
  // Of shake_hands() that failed. A server's: the client spoke HTTP in clear text.
  bool was_clear_text() const { return clear_text_; }
  // A client's: why, in OpenSSL's words.
  const std::string& failure() const { return failure_; }

  // `bytes`: how many, of Done.
  TlsStep read(boost::asio::mutable_buffer room, std::size_t& bytes);
  // As `read`, but the bytes stay. For the question whether the peer is still there.
  TlsStep peek();
  // After WantRead and WantWrite the same bytes must be given again. All in one record if they fit.
  TlsStep write(std::string_view first, std::string_view second, std::size_t& bytes);
  // Tells the peer that nothing more will come, if that can be done at once.
  void close();

  static TlsSession& of(ssl_st& ssl);

  // The name the client asked for, else the default.
  const std::string& server_name() const { return server_name_; }
  void name_server(std::string name) { server_name_ = std::move(name); }

 private:
  struct Parts;
  TlsStep step_of(int returned);
  void explain_failure();

  std::unique_ptr<Parts> parts_;
  std::string server_name_;
  std::string peer_;
  bool clear_text_ = false;
  std::string failure_;
};

}  // namespace twindow::net
