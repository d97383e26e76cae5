// SPDX-License-Identifier: Apache-2.0
#include "src/net/control_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "twindow/base/limits.h"

#include "src/net/chunk_decoder.h"

namespace twindow::net {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t kLingerBytesMax = 1024 * 1024;
constexpr std::chrono::milliseconds kLingerTime(500);

std::string peer_of(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address);
    ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
  } else if (address.ss_family == AF_INET6) {
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
    const bool mapped = IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr);
    if (mapped) {
      ::inet_ntop(AF_INET, &v6->sin6_addr.s6_addr[12], text.data(), text.size());
    } else {
      ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
    }
  }
  return text.data();
}

}  // namespace

ControlSocket::ControlSocket(int descriptor) : descriptor_(descriptor), peer_(peer_of(descriptor)) {
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // accept() made it without: the app that `twindow test -- CMD` starts must not inherit it.
  ::fcntl(descriptor_, F_SETFD, FD_CLOEXEC);
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
}

ControlSocket::~ControlSocket() { ::close(descriptor_); }

bool ControlSocket::wait(short events, Deadline until) const {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
    pollfd waited{descriptor_, events, 0};
    const int ready = ::poll(&waited, 1, static_cast<int>(std::max<long>(left.count(), 0)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

bool ControlSocket::wait_for_request(std::chrono::milliseconds longest) {
  return !unread_.empty() || wait(POLLIN, steady_clock::now() + longest);
}

ControlSocket::Read ControlSocket::read_more(Deadline until) {
  std::array<char, 16 * 1024> piece;
  for (;;) {
    const auto count = ::recv(descriptor_, piece.data(), piece.size(), 0);
    if (count > 0) {
      unread_.append(piece.data(), static_cast<std::size_t>(count));
      return Read::Bytes;
    }
    if (count == 0) return Read::End;
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return Read::End;
    if (!wait(POLLIN, until)) return Read::TooLate;
  }
}

std::variant<ControlRequest, Refusal, PeerGone> ControlSocket::read_request(
    std::size_t body_bytes_max) {
  const auto until = steady_clock::now() + limits::kHeadTime;
  std::size_t searched = 0;
  for (;;) {
    // Empty lines before a request line are skipped (RFC 9112 2.2).
    while (searched == 0 && unread_.starts_with("\r\n")) unread_.erase(0, 2);
    const auto end = unread_.find("\r\n\r\n", searched);
    if (std::min(end, unread_.size()) > limits::kHeadBytesMax) {
      return Refusal{431, "The header block is larger than 32 KiB"};
    }
    if (end != std::string::npos) {
      auto head = parse_control_head(std::string_view(unread_).substr(0, end + 4));
      unread_.erase(0, end + 4);
      if (const auto* refusal = std::get_if<Refusal>(&head)) return *refusal;
      return read_body(std::get<ControlHead>(std::move(head)), body_bytes_max);
    }
    searched = unread_.size() < 3 ? 0 : unread_.size() - 3;
    const Read got = read_more(until);
    if (got == Read::TooLate) return Refusal{408, "The header block took longer than 10 s"};
    if (got == Read::End) return PeerGone{};
  }
}

std::variant<ControlRequest, Refusal, PeerGone> ControlSocket::read_body(
    ControlHead head, std::size_t body_bytes_max) {
  constexpr Refusal kTooLarge{413, "The body is larger than this server takes"};
  if (!head.chunked && head.content_length > body_bytes_max) return kTooLarge;
  ControlRequest request{std::move(head), {}};
  const bool has_body = request.head.chunked || request.head.content_length > 0;
  if (request.head.expects_continue && has_body && unread_.empty()) {
    if (!write("HTTP/1.1 100 Continue\r\n\r\n")) return PeerGone{};
  }
  const auto until = steady_clock::now() + limits::kBodyTime;
  ChunkDecoder chunks(body_bytes_max);
  for (;;) {
    if (request.head.chunked) {
      std::string_view rest = unread_;
      const auto state = chunks.feed(rest, request.body);
      unread_.erase(0, unread_.size() - rest.size());
      if (state == ChunkDecoder::State::Done) return request;
      if (state == ChunkDecoder::State::TooLarge) return kTooLarge;
      if (state == ChunkDecoder::State::Garbled) return Refusal{400, "The chunked body is garbled"};
    } else {
      const auto missing = request.head.content_length - request.body.size();
      const auto piece = std::string_view(unread_).substr(0, missing);
      request.body.append(piece);
      unread_.erase(0, piece.size());
      if (request.body.size() == request.head.content_length) return request;
    }
    const Read got = read_more(until);
    if (got == Read::TooLate) return Refusal{408, "The body took longer than 30 s"};
    if (got == Read::End) return PeerGone{};
  }
}

bool ControlSocket::write(std::string_view bytes) {
  const auto until = steady_clock::now() + limits::kWriteTime;
  while (!bytes.empty()) {
    const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!wait(POLLOUT, until)) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

void ControlSocket::linger() {
  ::shutdown(descriptor_, SHUT_WR);
  const auto until = steady_clock::now() + kLingerTime;
  unread_.clear();
  std::size_t thrown_away = 0;
  while (thrown_away < kLingerBytesMax && read_more(until) == Read::Bytes) {
    thrown_away += unread_.size();
    unread_.clear();
  }
}

}  // namespace twindow::net
