// SPDX-License-Identifier: Apache-2.0
#include "src/net/webhook_connection.h"

#include <cerrno>
#include <functional>

#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <sys/socket.h>

#include "twindow/base/limits.h"

#include "src/net/errors_by_value.h"

namespace twindow::net {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::beast::flat_buffer;
using boost::system::error_code;

constexpr int kInterimAnswersMax = 16;

bool is_literal_address(const std::string& host) {
  error_code error;
  asio::ip::make_address(host, error);
  return !error;
}

// The headers of an answer that are Twilio's business when it is handed on.
bool is_twilios_business(http::field name) {
  switch (name) {
    case http::field::cache_control:
    case http::field::content_encoding:
    case http::field::etag:
    case http::field::last_modified:
    case http::field::location:
    case http::field::set_cookie:
      return true;
    default:
      return false;
  }
}

using Parser = http::response_parser<http::string_body>;

// What is known of an answer, whole or not. Before its head is read a parser says 200.
void take_answer(Parser& parser, WebhookExchange& exchange) {
  const bool head_read =
      parser.is_header_done() || exchange.error == error_code(http::error::body_limit);
  if (!head_read) return;
  exchange.status = static_cast<int>(parser.get().result_int());
  exchange.content_type = std::string(parser.get()[http::field::content_type]);
  for (const auto& field : parser.get()) {
    if (field.name() == http::field::www_authenticate) exchange.challenge = field.value();
    if (!is_twilios_business(field.name())) continue;
    exchange.headers.push_back({std::string(field.name_string()), std::string(field.value())});
  }
  exchange.reply = std::move(parser.get().body());
}

template <class Stream>
Task<WebhookExchange> exchange_over(Stream& stream, flat_buffer& unread, const std::string& request,
                                    std::size_t reply_bytes_max) {
  WebhookExchange exchange;
  co_await asio::async_write(stream, asio::buffer(request), into(exchange.error));
  if (exchange.error) {
    exchange.silent = true;
    co_return exchange;
  }
  for (int interim = 0;; ++interim) {
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits::kHeadBytesMax));
    parser.body_limit(reply_bytes_max);
    co_await http::async_read_header(stream, unread, parser, into(exchange.error));
    const bool is_interim = !exchange.error && parser.get().result_int() / 100 == 1;
    if (is_interim && interim < kInterimAnswersMax) continue;
    if (is_interim) exchange.error = http::error::bad_status;
    exchange.silent = exchange.error && interim == 0 && !parser.got_some();
    if (!exchange.error) {
      co_await http::async_read(stream, unread, parser, into(exchange.error));
    }
    take_answer(parser, exchange);
    exchange.reusable = !exchange.error && parser.keep_alive() && unread.size() == 0;
    co_return exchange;
  }
}

}  // namespace

WebhookConnection::WebhookConnection(const Strand& strand, WebhookPeer peer,
                                     asio::ssl::context* tls)
    : strand_(strand), peer_(std::move(peer)), stream_(std::in_place_type<Socket>, strand) {
  if (tls) stream_.emplace<Tls>(Socket(strand), *tls);
}

WebhookConnection::Socket& WebhookConnection::socket() {
  if (auto* tls = std::get_if<Tls>(&stream_)) return tls->next_layer();
  return std::get<Socket>(stream_);
}

Task<error_code> WebhookConnection::open(asio::ip::tcp::endpoint to) {
  error_code error;
  co_await socket().async_connect(to, into(error));
  error_code ignored;
  if (!error) socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  co_return error;
}

Task<error_code> WebhookConnection::shake_hands() {
  error_code error;
  auto* tls = std::get_if<Tls>(&stream_);
  if (!tls) co_return error;
  if (!is_literal_address(peer_.host)) {
    SSL_set_tlsext_host_name(tls->native_handle(), peer_.host.c_str());
  }
  tls->set_verify_mode(asio::ssl::verify_peer);
  tls->set_verify_callback(asio::ssl::host_name_verification(peer_.host));
  co_await tls->async_handshake(asio::ssl::stream_base::client, into(error));
  co_return error;
}

PeerCertificate WebhookConnection::certificate() {
  auto* tls = std::get_if<Tls>(&stream_);
  if (!tls) return PeerCertificate::NotBlamed;
  switch (SSL_get_verify_result(tls->native_handle())) {
    case X509_V_OK:  // or it was not looked at
      return PeerCertificate::NotBlamed;
    case X509_V_ERR_UNSPECIFIED:  // Asio's host_name_verification says no more
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return PeerCertificate::OfAnotherHost;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return PeerCertificate::Expired;
    default:
      return PeerCertificate::Untrusted;
  }
}

Task<WebhookExchange> WebhookConnection::post(std::string request, std::size_t reply_bytes_max) {
  if (auto* tls = std::get_if<Tls>(&stream_)) {
    WebhookExchange done = co_await exchange_over(*tls, unread_, request, reply_bytes_max);
    co_return done;
  }
  auto& plain = std::get<Socket>(stream_);
  WebhookExchange done = co_await exchange_over(plain, unread_, request, reply_bytes_max);
  co_return done;
}

void WebhookConnection::cut() {
  error_code ignored;
  socket().close(ignored);
}

bool WebhookConnection::alive() {
  char byte = 0;
  const auto count = ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (count < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
  // TLS 1.3 servers send session tickets whenever they like.
  return count > 0 && peer_.tls;
}

}  // namespace twindow::net
