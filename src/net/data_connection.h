// SPDX-License-Identifier: Apache-2.0
// One connection of the data plane: reads a request, awaits its answer, writes it, and so on until
// one side has enough. One coroutine on one thread, so nothing here is locked.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "twindow/base/task.h"

#include "src/net/data_socket.h"
#include "src/net/data_state.h"
#include "src/net/head_scanner.h"
#include "src/net/read_buffer.h"
#include "src/net/request_head.h"

namespace twindow::net {

class DataConnection {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  // `surplus`: one too many, to be told so and closed.
  DataConnection(std::shared_ptr<DataServerState> state, Shard& shard,
                 boost::asio::ip::tcp::socket socket, std::string peer, bool surplus);
  ~DataConnection();
  DataConnection(const DataConnection&) = delete;
  DataConnection& operator=(const DataConnection&) = delete;

  // The whole life of `self`; on its shard's thread.
  static Task<void> run(std::unique_ptr<DataConnection> self);

  // For the shard, on its thread.
  bool is_idle() const { return idle_; }
  void close();  // whatever is awaited ends with an error
  void check_deadline(SteadyTime now);
  static constexpr std::size_t kNowhere = std::numeric_limits<std::size_t>::max();
  std::size_t place_in_shard = kNowhere;

 private:
  enum class Body { Complete, Refused, Gone };

  // The call being read or answered, for its log line and for the framing of its reply.
  struct Exchange {
    Exchange(std::size_t head_bytes_max, bool connects) : scanner(head_bytes_max, connects) {}
    HeadScanner scanner;
    SteadyTime started = {};
    bool to_head = false;
    bool http10 = false;
    bool keeps_alive = false;
    std::size_t request_size = 0;  // of it in the read buffer, so far
    std::size_t bytes_in = 0;
    std::size_t bytes_out = 0;
    Refusal refusal{0, {}};
  };

  // What of a reply has not gone out at once; the views are into `out_` and the reply.
  struct Pending {
    std::string_view first = {};
    std::string_view second = {};
    std::shared_ptr<wire::BodyStream> stream = {};
    bool chunked = false;
    std::optional<std::uint64_t> length = {};  // of the stream
    bool healthy = true;

    bool waits() const {
      return healthy && !(first.empty() && second.empty() && stream == nullptr);
    }
  };

  struct Piece {
    bool failed = false;
    std::optional<std::string> bytes = {};
  };

  Task<bool> start_tls(std::string default_name);
  Task<bool> answer_connect(const RequestHead& head);
  Task<bool> answer_host(std::string host);
  Task<bool> answer_tunnel(std::string host, std::uint16_t port);
  Task<bool> refuse_connect(int status, std::string detail);
  Task<bool> confirm_connect();

  Task<bool> wait_for_bytes();
  void begin_exchange();
  Expected<RequestHead, Refusal> take_head();
  wire::HttpCall call_of(RequestHead& head) const;
  Task<bool> answer_one();
  Task<HeadScanner::State> read_head();
  bool take_buffered_body(const RequestHead& head, std::string& body);
  Task<Body> read_body(const RequestHead& head, std::string& body);
  Task<Body> read_sized_body(std::size_t size, std::string& body);
  Task<Body> read_chunked_body(std::string& body);
  Body end_of_bytes();
  Task<std::size_t> read_more();

  Task<bool> refuse(Refusal refusal);
  Task<bool> respond(wire::HttpReply reply);
  Pending begin_reply(wire::HttpReply& reply);
  Task<bool> finish_reply(Pending pending);
  Task<bool> send(std::string_view first, std::string_view second = std::string_view());
  Task<bool> stream(std::shared_ptr<wire::BodyStream> body, bool chunked,
                    std::optional<std::uint64_t> length);
  Task<Piece> next_piece(std::shared_ptr<wire::BodyStream> body);
  bool write_now(std::string_view& first, std::string_view& second);
  Task<bool> write_rest(std::string_view first, std::string_view second);
  Task<void> linger();

  wire::HttpReply error_reply(int status, std::string_view detail);
  void log(const wire::HttpReply& reply);
  void set_deadline(SteadyTime deadline);
  void uncount();

  std::shared_ptr<DataServerState> state_;
  Shard& shard_;
  DataSocket socket_;
  std::string peer_;
  bool surplus_;
  bool counted_ = true;
  bool idle_ = false;
  bool expired_ = false;  // the deadline has passed; what was awaited is cancelled
  SteadyTime deadline_ = SteadyTime::max();
  ReadBuffer buffer_;
  std::string out_;  // the head being written; kept for its memory
  std::optional<Exchange> exchange_;
};

}  // namespace twindow::net
