// SPDX-License-Identifier: Apache-2.0
#include "tests/net/raw_client.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

namespace twindow::test {

namespace {

constexpr timeval kReadTime{.tv_sec = 10, .tv_usec = 0};

}  // namespace

std::string RawReply::header(std::string_view name) const {
  std::size_t at = head.find("\r\n");
  while (at != std::string::npos) {
    const std::size_t begin = at + 2;
    at = head.find("\r\n", begin);
    const std::string line = head.substr(begin, at == std::string::npos ? at : at - begin);
    const auto colon = line.find(": ");
    if (colon == name.size() && strncasecmp(line.data(), name.data(), colon) == 0) {
      return line.substr(colon + 2);
    }
  }
  return {};
}

RawClient::RawClient(std::uint16_t port)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kReadTime, sizeof kReadTime);
  setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &kReadTime, sizeof kReadTime);
  const int on = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
}

RawClient::~RawClient() { close(); }

void RawClient::TlsFree::operator()(ssl_st* session) const { SSL_free(session); }
void RawClient::TlsFree::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

std::string RawClient::start_tls(const std::string& ca_pem, const std::string& server_name) {
  // OpenSSL writes without MSG_NOSIGNAL.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  tls_context_.reset(SSL_CTX_new(TLS_client_method()));
  BIO* in = BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size()));
  X509* authority = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
  BIO_free(in);
  if (authority != nullptr) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(tls_context_.get()), authority);
    X509_free(authority);
  }
  SSL_CTX_set_verify(tls_context_.get(), SSL_VERIFY_PEER, nullptr);
  tls_.reset(SSL_new(tls_context_.get()));
  if (!server_name.empty()) {
    SSL_set_tlsext_host_name(tls_.get(), server_name.c_str());
    SSL_set1_host(tls_.get(), server_name.c_str());
  } else {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_.get()), "127.0.0.1");
  }
  static constexpr unsigned char kOffered[] = {2,   'h', '2', 8,   'h', 't',
                                               't', 'p', '/', '1', '.', '1'};
  SSL_set_alpn_protos(tls_.get(), kOffered, sizeof kOffered);
  SSL_set_fd(tls_.get(), socket_);
  ERR_clear_error();
  if (SSL_connect(tls_.get()) == 1) return {};
  const long verified = SSL_get_verify_result(tls_.get());
  if (verified != X509_V_OK) return X509_verify_cert_error_string(verified);
  const char* reason = ERR_reason_error_string(ERR_peek_error());
  return reason == nullptr ? "the connection ended" : reason;
}

std::string RawClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

long RawClient::receive(void* bytes, std::size_t size) {
  if (tls_ == nullptr) return ::recv(socket_, bytes, size, 0);
  errno = 0;
  ERR_clear_error();
  const int got = SSL_read(tls_.get(), bytes, static_cast<int>(size));
  if (got > 0) return got;
  const int error = SSL_get_error(tls_.get(), got);
  if (error == SSL_ERROR_WANT_READ) return -1;  // in vain for too long
  return 0;
}

void RawClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = tls_ == nullptr
                             ? ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL)
                             : SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::finish_sending() {
  if (tls_ != nullptr) SSL_shutdown(tls_.get());
  ::shutdown(socket_, SHUT_WR);
}

bool RawClient::read_more() {
  if (ended_) return false;
  std::array<char, 16384> bytes;
  const long got = receive(bytes.data(), bytes.size());
  if (got > 0) {
    unread_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
  }
  ended_ = got == 0 || errno == ECONNRESET;
  return false;
}

std::optional<std::string> RawClient::take(std::size_t bytes) {
  while (unread_.size() < bytes) {
    if (!read_more()) return std::nullopt;
  }
  std::string taken = unread_.substr(0, bytes);
  unread_.erase(0, bytes);
  return taken;
}

std::optional<std::string> RawClient::read_line() {
  std::size_t end;
  while ((end = unread_.find("\r\n")) == std::string::npos) {
    if (!read_more()) return std::nullopt;
  }
  auto line = take(end);
  unread_.erase(0, 2);
  return line;
}

std::optional<std::string> RawClient::take_chunks() {
  std::string body;
  while (true) {
    const auto size_line = read_line();
    if (!size_line) return std::nullopt;
    const std::size_t size = std::stoul(*size_line, nullptr, 16);
    const auto piece = take(size + 2);
    if (!piece) return std::nullopt;
    if (size == 0) return body;
    body.append(*piece, 0, size);
  }
}

std::optional<RawReply> RawClient::read_reply(bool to_head) {
  std::size_t end;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    if (!read_more()) return std::nullopt;
  }
  RawReply reply;
  reply.head = unread_.substr(0, end);
  unread_.erase(0, end + 4);
  if (!reply.head.starts_with("HTTP/1.1 ")) return std::nullopt;
  reply.status = std::stoi(reply.head.substr(9, 3));
  if (to_head || reply.status == 204 || reply.status == 304 || reply.status == 100) return reply;
  std::optional<std::string> body;
  if (reply.header("Transfer-Encoding") == "chunked") {
    body = take_chunks();
  } else if (const std::string length = reply.header("Content-Length"); !length.empty()) {
    body = take(std::stoul(length));
  } else {
    body = read_to_end();
  }
  if (!body) return std::nullopt;
  reply.body = std::move(*body);
  return reply;
}

std::optional<std::string> RawClient::read_to_end() {
  while (read_more()) {
  }
  if (!ended_) return std::nullopt;
  return std::move(unread_);
}

bool RawClient::at_end() {
  read_more();
  return ended_ && unread_.empty();
}

bool RawClient::stays_silent_for(std::chrono::milliseconds time) {
  pollfd readable{.fd = socket_, .events = POLLIN, .revents = 0};
  return unread_.empty() && ::poll(&readable, 1, static_cast<int>(time.count())) == 0;
}

std::size_t open_files() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& file : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count - 1;  // the listing itself
}

}  // namespace twindow::test
