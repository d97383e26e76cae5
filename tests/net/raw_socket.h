// SPDX-License-Identifier: Apache-2.0
// A blocking TCP socket that sends exactly the bytes it is told and shows exactly those that come
// back: a client library would hide the faults that these tests look for.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace twindow::test {

class RawSocket {
 public:
  explicit RawSocket(int descriptor) : descriptor_(descriptor) {
    const timeval longest{10, 0};  // a test that waits in vain fails, it does not hang
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
  }
  RawSocket(RawSocket&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        connected_(other.connected_),
        unread_(std::move(other.unread_)) {}
  RawSocket& operator=(RawSocket&&) = delete;
  ~RawSocket() { close(); }

  static RawSocket connect(std::uint16_t port) {
    RawSocket made(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    made.connected_ = ::connect(made.descriptor_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    return made;
  }

  bool connected() const { return connected_; }
  int descriptor() const { return descriptor_; }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }
  void end_of_writing() const { ::shutdown(descriptor_, SHUT_WR); }

  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto count = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  // Up to and including `mark`; what came so far if the connection ends first.
  std::string read_until(std::string_view mark) {
    std::size_t at = unread_.find(mark);
    while (at == std::string::npos && read_more()) at = unread_.find(mark);
    return take(at == std::string::npos ? unread_.size() : at + mark.size());
  }
  std::string read_bytes(std::size_t count) {
    while (unread_.size() < count && read_more()) {
    }
    return take(count);
  }
  std::string read_to_end() {
    while (read_more()) {
    }
    return take(unread_.size());
  }
  // A reply with a Content-Length: head and body.
  std::string read_reply() {
    const std::string head = read_until("\r\n\r\n");
    const auto at = head.find("Content-Length: ");
    return at == std::string::npos ? head : head + read_bytes(std::stoul(head.substr(at + 16)));
  }
  // True if the other end closes without another byte.
  bool at_end() { return unread_.empty() && !read_more() && ended_; }

 private:
  bool read_more() {
    std::array<char, 16 * 1024> piece;
    const auto count = ::recv(descriptor_, piece.data(), piece.size(), 0);
    ended_ = count == 0;
    if (count <= 0) return false;
    unread_.append(piece.data(), static_cast<std::size_t>(count));
    return true;
  }
  std::string take(std::size_t count) {
    const std::string taken = unread_.substr(0, count);
    unread_.erase(0, taken.size());
    return taken;
  }

  int descriptor_;
  bool connected_ = false;
  bool ended_ = false;
  std::string unread_;
};

// Listens on a free port of 127.0.0.1.
class RawListener {
 public:
  explicit RawListener(int backlog = 64) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(descriptor_, reinterpret_cast<sockaddr*>(&at), sizeof at);
    ::listen(descriptor_, backlog);
    socklen_t size = sizeof at;
    ::getsockname(descriptor_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    const timeval longest{10, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  }
  RawListener(const RawListener&) = delete;
  RawListener& operator=(const RawListener&) = delete;
  ~RawListener() { close(); }

  std::uint16_t port() const { return port_; }
  int descriptor() const { return descriptor_; }
  RawSocket accept() const { return RawSocket(::accept(descriptor_, nullptr, nullptr)); }
  void close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_;
  std::uint16_t port_ = 0;
};

}  // namespace twindow::test
