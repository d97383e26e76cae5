// SPDX-License-Identifier: Apache-2.0
#include "tests/net/raw_client.h"

#include <array>
#include <cerrno>
#include <filesystem>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
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

void RawClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::finish_sending() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::read_more() {
  if (ended_) return false;
  std::array<char, 16384> bytes;
  const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
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
