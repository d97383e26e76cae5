// SPDX-License-Identifier: Apache-2.0
#include "src/net/data_socket.h"

#include <algorithm>
#include <array>

#include "src/net/errors_by_value.h"

namespace twindow::net {

namespace asio = boost::asio;

DataSocket::DataSocket(Tcp socket) : tcp_(std::move(socket)) {
  error_code ignored;  // a socket that cannot be switched is one that fails at its first use
  tcp_.non_blocking(true, ignored);
}

void DataSocket::cancel() {
  error_code ignored;
  tcp_.cancel(ignored);
}

void DataSocket::close() {
  if (!tcp_.is_open()) return;
  if (tls_ != nullptr) tls_->close();
  error_code ignored;
  tcp_.close(ignored);
}

void DataSocket::reset() {
  if (!tcp_.is_open()) return;
  error_code ignored;
  tcp_.set_option(asio::socket_base::linger(true, 0), ignored);
  tcp_.close(ignored);
}

std::string DataSocket::local_address() const {
  error_code error;
  const auto local = tcp_.local_endpoint(error);
  if (error) return {};
  const asio::ip::address address = local.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

// A wait says nothing of the bytes that TLS has read already; callers try first.
Task<bool> DataSocket::wait(TlsStep needed) {
  const auto what = needed == TlsStep::WantWrite ? Tcp::wait_write : Tcp::wait_read;
  error_code error;
  co_await tcp_.async_wait(what, into(error));
  co_return !error && tcp_.is_open();
}

Task<DataSocket::Handshake> DataSocket::shake_hands(TlsServer& server, std::string default_name,
                                                    std::string peer) {
  tls_ = std::make_unique<TlsSession>(server, tcp_.native_handle(), std::move(default_name),
                                      std::move(peer));
  while (true) {
    const TlsStep step = tls_->shake_hands();
    if (step == TlsStep::Done) co_return Handshake::Done;
    if (step == TlsStep::Failed || step == TlsStep::Closed) break;
    const bool ready = co_await wait(step);
    if (!ready) break;
  }
  const bool clear_text = tls_->was_clear_text();
  tls_.reset();
  co_return clear_text ? Handshake::ClearText : Handshake::Failed;
}

Task<std::string> DataSocket::shake_hands_with(std::string host, TlsClient& client) {
  tls_ = std::make_unique<TlsSession>(client, tcp_.native_handle(), std::move(host));
  while (true) {
    const TlsStep step = tls_->shake_hands();
    if (step == TlsStep::Done) co_return std::string();
    if (step == TlsStep::Failed || step == TlsStep::Closed) co_return tls_->failure();
    const bool ready = co_await wait(step);
    if (!ready) co_return "it takes too long";
  }
}

std::size_t DataSocket::read_now(asio::mutable_buffer room, error_code& error) {
  if (tls_ == nullptr || !tcp_.is_open()) return tcp_.read_some(room, error);
  std::size_t bytes = 0;
  const TlsStep step = tls_->read(room, bytes);
  if (step == TlsStep::Done) return bytes;
  const bool waits = step == TlsStep::WantRead || step == TlsStep::WantWrite;
  if (waits) read_needs_ = step;
  if (waits) error = asio::error::would_block;
  if (step == TlsStep::Closed) error = asio::error::eof;
  if (step == TlsStep::Failed) error = asio::error::connection_reset;
  return 0;
}

Task<std::size_t> DataSocket::read_some(asio::mutable_buffer room, error_code& error) {
  if (tls_ == nullptr) {
    const std::size_t bytes = co_await tcp_.async_read_some(room, into(error));
    co_return bytes;
  }
  while (true) {
    error.clear();
    const std::size_t bytes = read_now(room, error);
    if (bytes > 0 || !would_block(error)) co_return bytes;
    const bool ready = co_await wait(read_needs_);
    if (ready) continue;
    error = asio::error::operation_aborted;
    co_return 0;
  }
}

Task<bool> DataSocket::wait_readable() {
  const bool ready = co_await wait(TlsStep::WantRead);
  co_return ready;
}

bool DataSocket::write_now(std::string_view& first, std::string_view& second, std::size_t& bytes) {
  bytes = 0;
  if (tls_ == nullptr || !tcp_.is_open()) {
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(first), asio::buffer(second)};
    error_code error;
    bytes = tcp_.write_some(buffers, error);
    if (error && !would_block(error)) return false;
  } else {
    // More than a record takes another call; a socket that is full says so.
    const TlsStep step = tls_->write(first, second, bytes);
    if (step == TlsStep::Closed || step == TlsStep::Failed) return false;
    write_needs_ = step;
  }
  second.remove_prefix(bytes - std::min(bytes, first.size()));
  first.remove_prefix(std::min(bytes, first.size()));
  return true;
}

Task<bool> DataSocket::wait_writable() {
  // After a whole record TLS wants nothing: the next can be written at once.
  if (tls_ != nullptr && write_needs_ == TlsStep::Done) co_return tcp_.is_open();
  const bool ready = co_await wait(write_needs_);
  co_return ready;
}

void DataSocket::finish_writing() {
  if (!tcp_.is_open()) return;
  if (tls_ != nullptr) tls_->close();
  error_code ignored;
  tcp_.shutdown(Tcp::shutdown_send, ignored);
}

bool DataSocket::is_quiet() {
  if (!tcp_.is_open()) return false;
  if (tls_ != nullptr) {
    const TlsStep step = tls_->peek();  // session tickets are taken in by the way
    return step == TlsStep::WantRead || step == TlsStep::WantWrite;
  }
  char byte = 0;
  error_code error;
  tcp_.receive(asio::mutable_buffer(&byte, 1), Tcp::message_peek, error);
  return would_block(error);
}

Task<void> DataSocket::peer_gone() {
  auto what = Tcp::wait_read;
  while (true) {
    error_code error;
    co_await tcp_.async_wait(what, into(error));
    if (error || !tcp_.is_open()) co_return;
    if (tls_ != nullptr) {
      const TlsStep step = tls_->peek();
      if (step == TlsStep::Closed || step == TlsStep::Failed) co_return;
      if (step == TlsStep::Done) what = Tcp::wait_error;
      continue;
    }
    char byte = 0;
    const std::size_t bytes =
        tcp_.receive(asio::mutable_buffer(&byte, 1), Tcp::message_peek, error);
    if (error && !would_block(error)) co_return;
    if (bytes > 0) what = Tcp::wait_error;
  }
}

}  // namespace twindow::net
