// SPDX-License-Identifier: Apache-2.0
// Clients that ask once and then say nothing: what an open connection costs a server.
//
//   bench_idle_clients PORT REQUESTS-FILE CONNECTIONS
//
// Prints "holding N" when each has had its answer. When its standard input ends it looks which are
// still open, prints "result open=N" and ends.
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <sys/resource.h>

#include "bench/answer.h"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

void allow_many_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// True if the whole answer came.
bool ask(tcp::socket& socket, const std::string& request) {
  error_code error;
  asio::write(socket, asio::buffer(request), error);
  std::string answer;
  std::array<char, 8192> room;
  while (!error && twindow::bench::answer_size(answer) == 0) {
    const std::size_t bytes = socket.read_some(asio::buffer(room), error);
    answer.append(room.data(), bytes);
  }
  return !error;
}

// An open connection has nothing to read, an ended one has its end.
bool is_open(tcp::socket& socket) {
  error_code error;
  socket.non_blocking(true, error);
  char byte = 0;
  socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, error);
  return error == asio::error::would_block;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "bench_idle_clients PORT REQUESTS-FILE CONNECTIONS\n");
    return 1;
  }
  allow_many_files();
  const tcp::endpoint server(asio::ip::address_v4::loopback(),
                             static_cast<std::uint16_t>(std::stoul(argv[1])));
  const std::vector<std::string> requests = twindow::bench::read_requests(argv[2]);
  asio::io_context io;
  std::vector<tcp::socket> sockets;
  for (std::size_t wanted = std::stoul(argv[3]); sockets.size() < wanted;) {
    tcp::socket& socket = sockets.emplace_back(io);
    error_code error;
    socket.connect(server, error);
    if (error || !ask(socket, requests.at(sockets.size() % requests.size()))) {
      std::fprintf(stderr, "connection %zu: %s\n", sockets.size(), error.message().c_str());
      return 1;
    }
  }
  std::printf("holding %zu\n", sockets.size());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  std::size_t open = 0;
  for (tcp::socket& socket : sockets) open += is_open(socket) ? 1 : 0;
  std::printf("result open=%zu\n", open);
  return 0;
}
