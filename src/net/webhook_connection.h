// SPDX-License-Identifier: Apache-2.0
// One connection to an app: TCP or TLS, opened to an address that was judged, used for one POST at
// a time. Everything but `alive` runs on its strand.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "twindow/base/task.h"
#include "twindow/model/message.h"

namespace twindow::net {

// Whom a connection is open to.
struct WebhookPeer {
  bool tls = false;
  std::string host = {};
  std::uint16_t port = 0;
  // By `deliver_to`, which allows it: nobody else may use a connection that was made under it.
  bool redirected = false;

  friend auto operator<=>(const WebhookPeer&, const WebhookPeer&) = default;
};

// What became of one POST on one connection.
struct WebhookExchange {
  boost::system::error_code error = {};
  bool silent = false;  // with `error`: not one byte of an answer came
  int status = 0;
  std::string content_type = {};
  std::string reply = {};
  std::vector<Param> headers = {};  // as WebhookOutcome's
  std::string challenge = {};       // of a 401: how it wants to be asked
  bool reusable = false;
};

// What was wrong with an app's certificate. NotBlamed: nothing, or it was not looked at.
enum class PeerCertificate : std::uint8_t { NotBlamed, OfAnotherHost, Expired, Untrusted };

class WebhookConnection {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Strand>;
  using SteadyTime = std::chrono::steady_clock::time_point;

  // With a `tls` context, which outlives it, for https.
  WebhookConnection(const Strand& strand, WebhookPeer peer, boost::asio::ssl::context* tls);

  const WebhookPeer& peer() const { return peer_; }
  const Strand& strand() const { return strand_; }

  Task<boost::system::error_code> open(boost::asio::ip::tcp::endpoint to);
  // For https, once it is open: the certificate must be good for the peer's host. Nothing is done
  // for http.
  Task<boost::system::error_code> shake_hands();
  // After a handshake that failed: what of the certificate made it fail.
  PeerCertificate certificate();
  // `request` is the whole of it, in bytes. Interim answers (1xx) are read over.
  Task<WebhookExchange> post(std::string request, std::size_t reply_bytes_max);
  // Ends whatever is going on.
  void cut();

  // False if the other end has closed, or speaks without being asked. From any thread, while the
  // connection is not in use.
  bool alive();

  SteadyTime idle_since = {};

 private:
  using Tls = boost::asio::ssl::stream<Socket>;
  Socket& socket();

  Strand strand_;
  WebhookPeer peer_;
  std::variant<Socket, Tls> stream_;
  boost::beast::flat_buffer unread_;
};

}  // namespace twindow::net
