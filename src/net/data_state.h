// SPDX-License-Identifier: Apache-2.0
// What the connections of a DataServer share: all of them (DataServerState), and those of one
// thread (Shard).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "twindow/base/clock.h"
#include "twindow/net/data_server.h"

#include "src/net/reply_head.h"

namespace twindow::net {

class DataConnection;

// The connections of one thread, and the sweep that keeps their deadlines: one timer for all of
// them instead of one each. Touched by its thread only.
class Shard {
 public:
  Shard(boost::asio::io_context& context, std::chrono::milliseconds tick);

  boost::asio::io_context& context() { return context_; }

  void add(DataConnection& connection);
  void remove(DataConnection& connection);
  void close_idle();
  void close_all();

  // Ticks while there are connections; `owner` keeps this object alive until the tick.
  void start_sweep(std::shared_ptr<void> owner);

  boost::asio::ip::tcp::acceptor acceptor;  // a descriptor of the server's listening socket
  bool accepts = false;
  std::atomic<std::size_t> open = 0;  // connections; for other threads, which compare
  // Calls that are being answered, each of them counted as long as it has one of these.
  class Answering {
   public:
    explicit Answering(Shard& shard) : shard_(shard) { ++shard_.answering_; }
    ~Answering() { --shard_.answering_; }
    Answering(const Answering&) = delete;
    Answering& operator=(const Answering&) = delete;

   private:
    Shard& shard_;
  };
  bool answers_others() const { return answering_ > 1; }
  DateText date = {};

 private:
  void sweep(const std::shared_ptr<void>& owner);

  boost::asio::io_context& context_;
  std::chrono::milliseconds tick_;
  boost::asio::steady_timer timer_;
  bool sweeping_ = false;
  std::size_t answering_ = 0;
  std::vector<DataConnection*> connections_;
};

struct DataServerState {
  DataServerState(IoThreads& threads, DataServerOptions options);

  IoThreads& threads;
  const DataServerOptions options;
  wire::Handler handler = {};
  wire::CallLog call_log = {};
  wire::ErrorReply error_reply = {};
  const SystemClock clock = {};

  Endpoint endpoint = {};
  std::vector<std::unique_ptr<Shard>> shards = {};

  std::atomic<bool> draining = false;
  std::atomic<std::size_t> connections = 0;
  std::atomic<std::size_t> accepting = 0;  // threads
  // For drain(): whatever changes the two above tells it here.
  void notify();
  std::mutex mutex = {};
  std::condition_variable changed = {};
};

}  // namespace twindow::net
