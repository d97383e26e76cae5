// SPDX-License-Identifier: Apache-2.0
// One accepted connection of the control port, read and written by one blocking thread. Every
// wait has an end: a deadline, the peer's leaving, or shutdown() of the descriptor by another
// thread. Uses poll, since select (cpp-httplib's way) knows only the first 1024 descriptors.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include "src/net/control_head.h"

namespace twindow::net {

struct ControlRequest {
  ControlHead head;
  std::string body;
};

// The connection is over: nobody is there, and nothing is to be written.
struct PeerGone {};

class ControlSocket {
 public:
  explicit ControlSocket(int descriptor);  // takes it over and closes it
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  int descriptor() const { return descriptor_; }
  const std::string& peer() const { return peer_; }

  // True once there is something to read, at once if a pipelined request is waiting.
  bool wait_for_request(std::chrono::milliseconds longest);
  // The next request, head and body. Answers `Expect: 100-continue` once the size is accepted.
  // After a Refusal or PeerGone the connection cannot be used for another request.
  std::variant<ControlRequest, Refusal, PeerGone> read_request(std::size_t body_bytes_max);
  // All of it; false if the peer is gone or does not read.
  bool write(std::string_view bytes);
  // Lets a peer that is still sending read our last words: closing a socket with unread input
  // resets the connection. Bounded in time and bytes.
  void linger();

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  bool wait(short events, Deadline until) const;
  enum class Read : unsigned char { Bytes, End, TooLate };
  Read read_more(Deadline until);
  std::variant<ControlRequest, Refusal, PeerGone> read_body(ControlHead head,
                                                            std::size_t body_bytes_max);

  int descriptor_;
  std::string peer_;
  std::string unread_;  // read from the socket, not yet part of a request
};

}  // namespace twindow::net
