// SPDX-License-Identifier: Apache-2.0
#include "src/net/tunnel.h"

#include <array>
#include <vector>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>

#include "src/net/connector.h"
#include "src/net/egress.h"
#include "src/net/errors_by_value.h"

namespace twindow::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t kPieceBytes = 16 * 1024;

// Whoever lists a host for tunnels means its public address; what nobody should be led to stays
// refused all the same.
const EgressGuard& guard() {
  static const EgressGuard kGuard = *EgressGuard::make({"0.0.0.0/0", "::/0"});
  return kGuard;
}

Result<Endpoints> judged(const Endpoints& found, const std::string& host) {
  Endpoints allowed;
  std::string refused;
  for (const tcp::endpoint& endpoint : found) {
    const auto why = guard().refusal(endpoint.address());
    if (!why) allowed.push_back(endpoint);
    if (why) refused = endpoint.address().to_string() + " " + std::string(*why);
  }
  if (allowed.empty()) return fail(Errc::EgressRefused, host + ": " + refused);
  return allowed;
}

Task<void> pause(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  error_code ignored;
  co_await timer.async_wait(into(ignored));
}

struct Traffic {
  steady_clock::time_point last = steady_clock::now();
  std::uint64_t to_client = 0;
};

// To the end of `from`, which is passed on. A break closes both: the other way waits in vain.
Task<void> copy(tcp::socket& from, tcp::socket& to, Traffic& traffic, bool to_client) {
  std::vector<char> piece(kPieceBytes);
  while (true) {
    error_code error;
    const std::size_t bytes = co_await from.async_read_some(asio::buffer(piece), into(error));
    if (error == asio::error::eof) {
      to.shutdown(tcp::socket::shutdown_send, error);
      co_return;
    }
    if (!error) {
      const auto read = asio::buffer(piece.data(), bytes);
      co_await asio::async_write(to, read, into(error));
    }
    if (error) {
      from.close(error);
      to.close(error);
      co_return;
    }
    traffic.last = steady_clock::now();
    if (to_client) traffic.to_client += bytes;
  }
}

Task<void> silence_of(const Traffic& traffic, std::chrono::milliseconds longest) {
  while (steady_clock::now() - traffic.last < longest) {
    const auto left = longest - (steady_clock::now() - traffic.last);
    co_await pause(std::chrono::ceil<std::chrono::milliseconds>(left));
  }
}

}  // namespace

Task<Result<tcp::socket>> open_tunnel(std::string host, std::uint16_t port,
                                      std::chrono::milliseconds longest) {
  const auto until = steady_clock::now() + longest;
  const auto late = [&] {
    return fail(Errc::TimedOut,
                host + " did not answer within " + std::to_string(longest.count()) + " ms");
  };
  Result<Endpoints> found = co_await look_up(host, port, until);
  if (!found && found.error().code == Errc::TimedOut) co_return late();
  if (!found) co_return Unexpected(std::move(found).error());
  Result<Endpoints> allowed = judged(*found, host);
  if (!allowed) co_return Unexpected(std::move(allowed).error());
  Result<tcp::socket> socket = co_await connect_first(*std::move(allowed), until);
  if (socket) co_return socket;
  if (socket.error().code == Errc::TimedOut) co_return late();
  co_return fail(Errc::Unreachable, host + " cannot be reached: " + socket.error().detail);
}

Task<std::uint64_t> join(tcp::socket& client, tcp::socket& host,
                         std::chrono::milliseconds silence) {
  using namespace asio::experimental::awaitable_operators;
  Traffic traffic;
  co_await ((copy(client, host, traffic, false) && copy(host, client, traffic, true)) ||
            silence_of(traffic, silence));
  co_return traffic.to_client;
}

}  // namespace twindow::net
