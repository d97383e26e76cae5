// SPDX-License-Identifier: Apache-2.0
// Clients that send a request a byte at a time: half of them drip its head, half its body. One that
// the server has answered or closed comes back at once.
//
//   bench_slow_senders PORT REQUESTS-FILE CONNECTIONS
//
// Prints "dripping N" when all are connected. When its standard input ends it prints
// "result bytes=… ended=…" (`ended`: by the server) and ends.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <unistd.h>

#include "bench/answer.h"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kBetweenBytes{100};
constexpr std::size_t kSteps = 20;  // the senders take turns, so that they are no burst

class SlowSenders {
 public:
  SlowSenders(std::uint16_t port, std::vector<std::string> requests, std::size_t count)
      : server_(asio::ip::address_v4::loopback(), port), requests_(std::move(requests)) {
    for (std::size_t i = 0; i < count; ++i) {
      Sender& sender = *senders_.emplace_back(std::make_unique<Sender>(io_));
      const std::string& request = requests_[i % requests_.size()];
      sender.request = request;
      sender.at_once = i % 2 == 0 ? 1 : request.find("\r\n\r\n") + 4;
      begin(sender);
    }
  }

  void run() {
    std::printf("dripping %zu\n", senders_.size());
    std::fflush(stdout);
    next_step();
    stdin_.async_read_some(asio::buffer(&byte_, 1),
                           [this](const error_code&, std::size_t) { io_.stop(); });
    io_.run();
    std::printf("result bytes=%zu ended=%zu\n", bytes_, ended_);
  }

 private:
  struct Sender {
    explicit Sender(asio::io_context& io) : socket(io) {}
    tcp::socket socket;
    std::string request;
    std::size_t at_once = 1;  // so many bytes begin it
    std::size_t sent = 0;
  };

  void begin(Sender& sender) {
    error_code error;
    sender.socket.close(error);
    sender.socket.connect(server_, error);
    if (error) {
      std::fprintf(stderr, "cannot connect: %s\n", error.message().c_str());
      std::exit(1);
    }
    sender.socket.set_option(tcp::no_delay(true), error);
    sender.socket.non_blocking(true, error);
    sender.sent = 0;
    send(sender, sender.at_once);
  }

  void send(Sender& sender, std::size_t count) {
    error_code error;
    sender.sent +=
        sender.socket.send(asio::buffer(sender.request.data() + sender.sent, count), 0, error);
    bytes_ += count;
  }

  void drip(Sender& sender) {
    char byte = 0;
    error_code error;
    sender.socket.receive(asio::buffer(&byte, 1), 0, error);
    const bool ended = error != asio::error::would_block || sender.sent == sender.request.size();
    if (ended) {
      ++ended_;
      begin(sender);
    } else {
      send(sender, 1);
    }
  }

  void next_step() {
    for (std::size_t i = step_++ % kSteps; i < senders_.size(); i += kSteps) drip(*senders_[i]);
    timer_.expires_at(timer_.expiry() + kBetweenBytes / kSteps);
    timer_.async_wait([this](const error_code& error) {
      if (!error) next_step();
    });
  }

  asio::io_context io_{1};
  asio::steady_timer timer_{io_, std::chrono::steady_clock::now()};
  asio::posix::stream_descriptor stdin_{io_, ::dup(STDIN_FILENO)};
  tcp::endpoint server_;
  std::vector<std::string> requests_;
  std::vector<std::unique_ptr<Sender>> senders_;
  std::size_t step_ = 0;
  std::size_t bytes_ = 0;
  std::size_t ended_ = 0;
  char byte_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "bench_slow_senders PORT REQUESTS-FILE CONNECTIONS\n");
    return 1;
  }
  auto requests = twindow::bench::read_requests(argv[2]);
  if (requests.empty()) {
    std::fprintf(stderr, "%s: expected requests\n", argv[2]);
    return 1;
  }
  SlowSenders senders(static_cast<std::uint16_t>(std::stoul(argv[1])), std::move(requests),
                      std::stoul(argv[3]));
  senders.run();
  return 0;
}
