// SPDX-License-Identifier: Apache-2.0
// One connection to the upstream: one request and its answer at a time, on one thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "twindow/base/task.h"
#include "twindow/net/upstream_client.h"

#include "src/net/chunk_decoder.h"
#include "src/net/data_socket.h"
#include "src/net/read_buffer.h"
#include "src/net/upstream_head.h"

namespace twindow::net {

class UpstreamConnection {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  UpstreamConnection(UpstreamServer server, boost::asio::ip::tcp::socket socket);
  ~UpstreamConnection();  // closes; OpenSSL resumes no session whose connection ended without a
                          // word
  UpstreamConnection(const UpstreamConnection&) = delete;
  UpstreamConnection& operator=(const UpstreamConnection&) = delete;

  const UpstreamServer& server() const { return server_; }

  // Why there is no TLS; empty if there is.
  Task<std::string> shake_hands(TlsClient& client);

  // False while no request is under way if the other end has closed, or speaks unasked.
  bool is_quiet() { return socket_.is_quiet(); }

  // Begins an exchange: writes what the socket takes at once, which is nearly always all. What is
  // left stays in the views, for send_rest. False if the connection is broken.
  bool send_now(std::string_view& head, std::string_view& body);
  Task<bool> send_rest(std::string_view head, std::string_view body);
  // The answer's; interim ones are read over.
  Task<Expected<AnswerHead, wire::UpstreamFailure>> read_head(bool to_head, std::size_t bytes_max);
  // Of the body of that answer what came with its head: nearly always all of it.
  std::string first_of_body();
  // Appends more of it, at least a byte unless it is over.
  Task<std::optional<wire::UpstreamFailure>> read_body(std::string& body);
  // The same without waiting: what is there.
  std::optional<wire::UpstreamFailure> read_body_now(std::string& body, std::size_t bytes_max);
  bool body_done() const { return body_done_; }

  // Of the exchange: why it ended. `detail` is about the server.
  wire::UpstreamFailure failure(wire::UpstreamFault fault, std::string_view detail) const;
  bool has_written() const { return written_ > 0; }
  bool was_answered() const { return answered_; }  // with a byte at least
  // After the exchange: nothing stands in the way of the next. Gives memory back.
  bool make_idle();

  // The time by which what is awaited must have happened, kept by check_deadline.
  void set_deadline(SteadyTime deadline);
  void check_deadline(SteadyTime now);
  bool expired() const { return expired_; }
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  std::size_t place_in_shard = kNowhere;
  SteadyTime idle_since = {};

 private:
  void take_buffered(std::string& body);
  void take_chunks(std::string_view bytes, std::string& body);
  std::optional<wire::UpstreamFailure> after_end(const boost::system::error_code& error);
  wire::UpstreamFailure broken() const;

  UpstreamServer server_;
  DataSocket socket_;
  ReadBuffer buffer_;
  SteadyTime deadline_ = SteadyTime::max();
  bool expired_ = false;

  // The exchange.
  std::size_t written_ = 0;
  bool sent_ = false;
  bool answered_ = false;
  bool reusable_ = false;
  Framing framing_ = Framing::None;
  std::uint64_t left_ = 0;
  std::optional<ChunkDecoder> chunks_;
  bool body_done_ = true;
};

}  // namespace twindow::net
