// SPDX-License-Identifier: Apache-2.0
#include "src/net/webhook_troubles.h"

#include <algorithm>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>

namespace twindow::net {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

bool is_closed(const error_code& error) {
  return error == http::error::end_of_stream || error == asio::error::eof ||
         error == asio::error::connection_reset || error == asio::error::broken_pipe ||
         error == asio::ssl::error::stream_truncated || error == http::error::partial_message;
}

}  // namespace

int alert_of_refusal(const error_code& error) {
  if (error == asio::error::connection_refused) return 11202;
  if (error == asio::error::timed_out) return 11201;
  return 11205;
}

int alert_of_handshake(PeerCertificate certificate) {
  switch (certificate) {
    case PeerCertificate::OfAnotherHost:
      return 11235;
    case PeerCertificate::Expired:
      return 11236;
    case PeerCertificate::Untrusted:
      return 11237;
    case PeerCertificate::NotBlamed:
      break;
  }
  return 11220;
}

std::string in_milliseconds(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

int alert_of_exchange(const WebhookExchange& exchange, bool timed_out) {
  if (timed_out) return 11203;
  if (exchange.error == http::error::body_limit) return 11750;
  return is_closed(exchange.error) ? 11200 : 11206;
}

Error explain_exchange(const WebhookExchange& exchange, bool timed_out,
                       const WebhookDelivery& delivery) {
  const WebhookClientOptions& options = delivery.rules->options;
  const error_code& error = exchange.error;
  if (timed_out) {
    auto time = delivery.total_time();
    if (delivery.overrides.read_time) time = std::min(time, *delivery.overrides.read_time);
    return {Errc::TimedOut, "the app did not answer within " + in_milliseconds(time)};
  }
  if (error == http::error::body_limit) {
    return {Errc::BadReply, "the app's answer is larger than " +
                                std::to_string(options.reply_bytes_max) + " bytes"};
  }
  const bool closed = is_closed(error) && error != http::error::partial_message;
  if (closed) return {Errc::BadReply, "the app closed the connection without an answer"};
  if (error == http::error::partial_message) {
    return {Errc::BadReply, "the app closed the connection in the middle of its answer"};
  }
  return {Errc::BadReply, "the app's answer is not HTTP: " + error.message()};
}

}  // namespace twindow::net
