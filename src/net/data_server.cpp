// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/data_server.h"

#include <algorithm>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <fcntl.h>
#include <unistd.h>

#include "src/net/data_connection.h"
#include "src/net/data_state.h"
#include "src/net/errors_by_value.h"

namespace twindow::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr int kBacklog = 4096;  // the kernel cuts it to its own maximum
constexpr int kAcceptedAtOnceMax = 16;
constexpr std::size_t kMoreThanOthersMax = 2;     // connections, on one thread
constexpr milliseconds kAcceptPause{50};          // when there are no files left
constexpr milliseconds kCloseTime{1000};          // for the threads to close what they are told to
constexpr std::size_t kSurplusAnsweredMax = 256;  // told 503; more are closed without a word

milliseconds tick_of(const DataServerOptions& options) {
  const auto shortest =
      std::min({options.head_time, options.body_time, options.idle_time, options.write_time});
  return std::clamp(shortest / 4, milliseconds(5), milliseconds(500));
}

// An IPv4 client of a socket that listens on [::] is written as what it is.
std::string text_of(const asio::ip::address& peer) {
  if (peer.is_v6() && peer.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6()).to_string();
  }
  return peer.to_string();
}

// The thread that accepts also serves, which saves two wake-ups; unless it has more than its share
// already: the first thread to wake would take all of a crowd that comes to stay.
Shard& shard_for(const DataServerState& state, Shard& own) {
  Shard* fewest = &own;
  for (const auto& shard : state.shards) {
    if (shard->open < fewest->open) fewest = shard.get();
  }
  return own.open <= fewest->open + kMoreThanOthersMax ? own : *fewest;
}

void admit(const std::shared_ptr<DataServerState>& state, Shard& own, tcp::socket socket,
           const tcp::endpoint& peer) {
  const std::size_t open = state->connections.load();
  const std::size_t most = state->options.idle_connections_max;
  if (open >= most + kSurplusAnsweredMax) return;
  Shard& shard = shard_for(*state, own);
  if (&shard != &own) {
    error_code error;
    const auto handle = socket.release(error);
    if (error) return;
    socket = tcp::socket(shard.context());
    socket.assign(peer.protocol(), handle, error);
    if (error) {
      ::close(handle);
      return;
    }
  }
  state->connections.fetch_add(1);
  shard.open.fetch_add(1);
  auto connection = std::make_unique<DataConnection>(state, shard, std::move(socket),
                                                     text_of(peer.address()), open >= most);
  asio::co_spawn(shard.context(), DataConnection::run(std::move(connection)), asio::detached);
}

// Whoever waits already, without another wait of ours: clients that close after each call come in
// crowds. At most so many at once, since the calls of this thread wait meanwhile.
void accept_more(const std::shared_ptr<DataServerState>& state, Shard& own) {
  for (int i = 0; i < kAcceptedAtOnceMax; ++i) {
    tcp::endpoint peer;
    error_code error;
    tcp::socket socket = own.acceptor.accept(own.context(), peer, error);
    if (error) return;  // nobody, or what the next wait will find as well
    admit(state, own, std::move(socket), peer);
  }
}

// One such on each thread; all wait at the same socket. Ends when the acceptor is closed.
Task<void> accept_connections(std::shared_ptr<DataServerState> state, Shard& own) {
  asio::steady_timer pause(own.context());
  const asio::any_io_executor executor = own.context().get_executor();
  while (own.acceptor.is_open()) {
    tcp::endpoint peer;
    error_code error;
    tcp::socket socket = co_await own.acceptor.async_accept(executor, peer, into(error));
    if (!error) {
      admit(state, own, std::move(socket), peer);
      accept_more(state, own);
    } else if (error != asio::error::connection_aborted) {
      // Out of files or memory: the connection stays in the kernel's queue and accept would fail
      // again at once, for ever. Others may have closed by then.
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(into(error));
    }
  }
}

Unexpected<Error> cannot_listen(const DataServerOptions& options, const error_code& error) {
  const std::string place = to_text({options.address, options.port});
  if (error == asio::error::address_in_use) {
    return fail(Errc::Unavailable, place + " is already in use by another program");
  }
  return fail(Errc::Unavailable, "cannot listen on " + place + ": " + error.message());
}

// The same listening socket for another thread. Without it that thread is only handed connections.
void share_acceptor(const tcp::acceptor& from, const tcp::endpoint& at, tcp::acceptor& to) {
  const int handle = ::fcntl(const_cast<tcp::acceptor&>(from).native_handle(), F_DUPFD_CLOEXEC, 0);
  if (handle < 0) return;
  error_code error;
  to.assign(at.protocol(), handle, error);
  if (error) {
    ::close(handle);
    return;
  }
  to.non_blocking(true, error);
}

error_code open_acceptor(tcp::acceptor& acceptor, const tcp::endpoint& at) {
  error_code error;
  acceptor.open(at.protocol(), error);
  if (error) return error;
  // Restarting must not wait for connections of the last run. SO_REUSEPORT would let two programs
  // share the port without a word; it stays off.
  acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (error) return error;
  acceptor.set_option(tcp::no_delay(true), error);  // Linux: accepted sockets inherit it
  if (error) return error;
  acceptor.bind(at, error);
  if (error) return error;
  acceptor.listen(kBacklog, error);
  if (error) return error;
  acceptor.non_blocking(true, error);
  return error;
}

}  // namespace

Shard::Shard(asio::io_context& context, milliseconds tick)
    : acceptor(context), context_(context), tick_(tick), timer_(context) {}

void Shard::add(DataConnection& connection) {
  connection.place_in_shard = connections_.size();
  connections_.push_back(&connection);
}

void Shard::remove(DataConnection& connection) {
  DataConnection* const last = connections_.back();
  connections_[connection.place_in_shard] = last;
  last->place_in_shard = connection.place_in_shard;
  connections_.pop_back();
}

void Shard::close_idle() {
  for (DataConnection* connection : connections_) {
    if (connection->is_idle()) connection->close();
  }
}

void Shard::close_all() {
  for (DataConnection* connection : connections_) connection->close();
}

void Shard::start_sweep(std::shared_ptr<void> owner) {
  if (std::exchange(sweeping_, true)) return;
  sweep(owner);
}

void Shard::sweep(const std::shared_ptr<void>& owner) {
  timer_.expires_after(tick_);
  timer_.async_wait([this, owner](const error_code&) {
    const auto now = steady_clock::now();
    for (DataConnection* connection : connections_) connection->check_deadline(now);
    sweeping_ = !connections_.empty();
    if (sweeping_) sweep(owner);
  });
}

DataServerState::DataServerState(IoThreads& io, DataServerOptions chosen)
    : threads(io), options(std::move(chosen)) {
  for (unsigned i = 0; i < threads.size(); ++i) {
    shards.push_back(std::make_unique<Shard>(threads.context(i), tick_of(options)));
  }
}

void DataServerState::notify() {
  // The lock makes sure that drain() is either waiting or yet to look.
  { const std::lock_guard lock(mutex); }
  changed.notify_all();
}

DataServer::DataServer(std::shared_ptr<DataServerState> state) : state_(std::move(state)) {}

Result<std::unique_ptr<DataServer>> DataServer::listen(IoThreads& threads,
                                                       DataServerOptions options,
                                                       wire::Handler handler,
                                                       wire::CallLog call_log,
                                                       wire::ErrorReply error_reply) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(options.address, error);
  if (error) return cannot_listen(options, error);
  auto state = std::make_shared<DataServerState>(threads, std::move(options));
  state->handler = std::move(handler);
  state->call_log = std::move(call_log);
  state->error_reply = std::move(error_reply);
  tcp::acceptor& first = state->shards.front()->acceptor;
  error = open_acceptor(first, tcp::endpoint(address, state->options.port));
  if (error) return cannot_listen(state->options, error);
  const tcp::endpoint bound = first.local_endpoint(error);
  if (error) return cannot_listen(state->options, error);
  state->endpoint = {bound.address().to_string(), bound.port()};
  for (const auto& shard : state->shards) {
    if (&shard->acceptor != &first) share_acceptor(first, bound, shard->acceptor);
    shard->accepts = shard->acceptor.is_open();
    if (shard->accepts) ++state->accepting;
  }
  for (const auto& shard : state->shards) {
    asio::co_spawn(shard->context(), accept_connections(state, *shard), asio::detached);
  }
  return std::unique_ptr<DataServer>(new DataServer(std::move(state)));
}

DataServer::~DataServer() { drain(milliseconds(0)); }

Endpoint DataServer::endpoint() const { return state_->endpoint; }

std::size_t DataServer::connections() const { return state_->connections; }

void DataServer::drain(milliseconds longest) {
  state_->draining = true;
  const auto stop_accepting = [state = state_](Shard& shard) {
    if (!std::exchange(shard.accepts, false)) return;
    error_code ignored;
    shard.acceptor.close(ignored);
    --state->accepting;
    state->notify();
  };
  if (!state_->threads.running()) {
    // Nothing moves: the frames of the connections go with the contexts.
    for (const auto& shard : state_->shards) stop_accepting(*shard);
    return;
  }
  const auto tell_shards = [this](void (Shard::*what)()) {
    for (const auto& shard : state_->shards) {
      asio::post(shard->context(), [state = state_, &shard = *shard, what] { (shard.*what)(); });
    }
  };
  const auto wait_until_closed = [this](milliseconds time) {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait_for(lock, time,
                             [this] { return state_->accepting == 0 && state_->connections == 0; });
  };
  for (const auto& shard : state_->shards) {
    asio::post(shard->context(), [stop_accepting, &shard = *shard] { stop_accepting(shard); });
  }
  tell_shards(&Shard::close_idle);
  wait_until_closed(longest);
  tell_shards(&Shard::close_all);
  wait_until_closed(kCloseTime);
}

}  // namespace twindow::net
