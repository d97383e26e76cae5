// SPDX-License-Identifier: Apache-2.0
// The upstream connections of one thread: those that are kept for the next call, and the deadlines
// of those that are in use.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "src/net/connector.h"
#include "src/net/upstream_connection.h"

namespace twindow::net {

class UpstreamShard;

// A connection in use: watched by its shard until it goes, or is kept. On the shard's thread.
class UpstreamLease {
 public:
  UpstreamLease() = default;
  UpstreamLease(UpstreamShard& shard, std::unique_ptr<UpstreamConnection> connection);
  UpstreamLease(UpstreamLease&& other) noexcept = default;
  UpstreamLease& operator=(UpstreamLease&& other) noexcept = delete;
  ~UpstreamLease();

  explicit operator bool() const { return connection_ != nullptr; }
  UpstreamConnection& operator*() const { return *connection_; }
  UpstreamConnection* operator->() const { return connection_.get(); }
  // For the next call if it is fit for one, else closed. Empty from then on.
  void give_back();

 private:
  UpstreamShard* shard_ = nullptr;
  std::unique_ptr<UpstreamConnection> connection_;
};

// Touched by its thread only, once that runs.
class UpstreamShard {
 public:
  UpstreamShard(boost::asio::io_context& context, const UpstreamOptions& options);

  boost::asio::io_context& context() { return context_; }

  // Of the kept ones to that server the one used last that is alive: asked right now, so that what
  // is written next is written to somebody. Empty if there is none.
  UpstreamLease take(const UpstreamServer& server);
  UpstreamLease lease(UpstreamServer server, boost::asio::ip::tcp::socket socket);
  bool in_use() const { return !in_use_.empty(); }  // a call is under way
  // Nothing is kept from now on.
  void keep_no_more();

  // Ticks while there are connections; `owner` keeps this object alive until the tick.
  void start_sweep(std::shared_ptr<void> owner);

  NameBook names;

 private:
  friend class UpstreamLease;
  void watch(UpstreamConnection& connection);
  void forget(UpstreamConnection& connection);
  void keep(std::unique_ptr<UpstreamConnection> connection);
  void sweep(const std::shared_ptr<void>& owner);
  void close_old(SteadyTime now);

  boost::asio::io_context& context_;
  const UpstreamOptions& options_;
  std::chrono::milliseconds tick_;
  boost::asio::steady_timer timer_;
  bool sweeping_ = false;
  bool keeping_ = true;
  std::vector<UpstreamConnection*> in_use_;
  // The ones used last at the back.
  std::map<UpstreamServer, std::vector<std::unique_ptr<UpstreamConnection>>> idle_;
};

}  // namespace twindow::net
