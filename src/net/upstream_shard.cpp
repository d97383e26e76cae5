// SPDX-License-Identifier: Apache-2.0
#include "src/net/upstream_shard.h"

#include <algorithm>
#include <utility>

namespace twindow::net {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

milliseconds tick_of(const UpstreamOptions& options) {
  const auto shortest =
      std::min({options.connect_time, options.answer_time, options.gap_time, options.idle_time});
  return std::clamp(shortest / 4, milliseconds(5), milliseconds(500));
}

}  // namespace

UpstreamLease::UpstreamLease(UpstreamShard& shard, std::unique_ptr<UpstreamConnection> connection)
    : shard_(&shard), connection_(std::move(connection)) {
  shard_->watch(*connection_);
}

UpstreamLease::~UpstreamLease() {
  if (connection_ != nullptr) shard_->forget(*connection_);
}

void UpstreamLease::give_back() {
  shard_->forget(*connection_);
  if (connection_->make_idle()) shard_->keep(std::move(connection_));
  connection_.reset();
}

UpstreamShard::UpstreamShard(boost::asio::io_context& context, const UpstreamOptions& options)
    : names(limits::kUpstreamNameTime),
      context_(context),
      options_(options),
      tick_(tick_of(options)),
      timer_(context) {}

UpstreamLease UpstreamShard::take(const UpstreamServer& server) {
  const auto kept = idle_.find(server);
  if (kept == idle_.end()) return {};
  const auto oldest = steady_clock::now() - options_.idle_time;
  while (!kept->second.empty()) {
    std::unique_ptr<UpstreamConnection> last = std::move(kept->second.back());
    kept->second.pop_back();
    if (last->idle_since >= oldest && last->is_quiet()) return {*this, std::move(last)};
  }
  return {};
}

UpstreamLease UpstreamShard::lease(UpstreamServer server, boost::asio::ip::tcp::socket socket) {
  return {*this, std::make_unique<UpstreamConnection>(std::move(server), std::move(socket))};
}

void UpstreamShard::keep_no_more() {
  keeping_ = false;
  idle_.clear();
}

void UpstreamShard::watch(UpstreamConnection& connection) {
  connection.place_in_shard = in_use_.size();
  in_use_.push_back(&connection);
}

void UpstreamShard::forget(UpstreamConnection& connection) {
  UpstreamConnection* const last = in_use_.back();
  in_use_[connection.place_in_shard] = last;
  last->place_in_shard = connection.place_in_shard;
  in_use_.pop_back();
}

void UpstreamShard::keep(std::unique_ptr<UpstreamConnection> connection) {
  if (!keeping_ || options_.idle_max == 0) return;
  auto& kept = idle_[connection->server()];
  // The oldest makes room: it is the likeliest to be closed by the other end.
  if (kept.size() >= options_.idle_max) kept.erase(kept.begin());
  connection->idle_since = steady_clock::now();
  kept.push_back(std::move(connection));
}

void UpstreamShard::start_sweep(std::shared_ptr<void> owner) {
  if (std::exchange(sweeping_, true)) return;
  sweep(owner);
}

void UpstreamShard::sweep(const std::shared_ptr<void>& owner) {
  timer_.expires_after(tick_);
  timer_.async_wait([this, owner](const boost::system::error_code&) {
    const auto now = steady_clock::now();
    for (UpstreamConnection* connection : in_use_) connection->check_deadline(now);
    close_old(now);
    sweeping_ = !in_use_.empty() || !idle_.empty();
    if (sweeping_) sweep(owner);
  });
}

void UpstreamShard::close_old(SteadyTime now) {
  const auto oldest = now - options_.idle_time;
  for (auto& [server, kept] : idle_) {
    const auto young = std::ranges::find_if(
        kept, [&](const auto& connection) { return connection->idle_since >= oldest; });
    kept.erase(kept.begin(), young);
  }
  std::erase_if(idle_, [](const auto& entry) { return entry.second.empty(); });
}

}  // namespace twindow::net
