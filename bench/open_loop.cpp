// SPDX-License-Identifier: Apache-2.0
// A load generator that does not wait for the server: sends are due at fixed times, and a latency
// runs from the time a send was due, so that a stall of the server counts for every send it held
// up. (wrk sends when it was answered: a server that stops for a second loses it one sample.)
// With a rate of 0 it is a closed loop that counts what each connection got.
//
//   bench_open_loop PORT REQUESTS-FILE CONNECTIONS RATE SECONDS
//
// Prints one line: result answered=… failed=… p50_us=… p99_us=… max_us=… served=… fewest=…
// (`served` connections had at least one answer, `fewest` is the count of the least served one.)
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "bench/answer.h"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;
using Instant = steady_clock::time_point;

constexpr std::chrono::seconds kPatience{2};  // for the last answers

struct Options {
  tcp::endpoint server;
  std::vector<std::string> requests;
  std::size_t connections;
  double rate;
  std::chrono::duration<double> length;
};

class Load {
 public:
  explicit Load(Options options) : options_(std::move(options)), due_(io_), end_(io_) {}

  void run();
  void print();

 private:
  struct Connection {
    explicit Connection(asio::io_context& io) : socket(io) {}
    tcp::socket socket;
    std::string bytes;
    std::array<char, 8192> room;
    Instant due;
    std::size_t answered = 0;
  };

  bool open_loop() const { return options_.rate > 0; }
  void send_what_is_due();
  void hand_out();
  void send(Connection& connection, Instant due);
  void receive(Connection& connection);
  void answered(Connection& connection);
  void broken(Connection& connection);
  void connect(Connection& connection);
  void finish();

  Options options_;
  asio::io_context io_{1};
  asio::steady_timer due_;
  asio::steady_timer end_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::deque<Connection*> idle_;
  std::deque<Instant> waiting_;  // due, and no connection is free
  Instant began_;
  std::size_t sent_ = 0;  // or waiting: the number of the next send
  std::size_t in_flight_ = 0;
  std::size_t turn_ = 0;
  std::size_t failed_ = 0;
  bool over_ = false;
  std::vector<double> latencies_;  // microseconds
};

void Load::run() {
  for (std::size_t i = 0; i < options_.connections; ++i) {
    connections_.push_back(std::make_unique<Connection>(io_));
    connect(*connections_.back());
    idle_.push_back(connections_.back().get());
  }
  began_ = steady_clock::now();
  end_.expires_after(std::chrono::duration_cast<steady_clock::duration>(options_.length));
  end_.async_wait([this](const error_code&) {
    over_ = true;
    due_.cancel();
    end_.expires_after(kPatience);
    end_.async_wait([this](const error_code& error) {
      if (!error) io_.stop();
    });
    finish();
  });
  if (open_loop()) {
    send_what_is_due();
  } else {
    while (!idle_.empty()) {
      Connection* const connection = idle_.front();
      idle_.pop_front();
      send(*connection, steady_clock::now());
    }
  }
  io_.run();
}

void Load::finish() {
  if (over_ && in_flight_ == 0 && waiting_.empty()) end_.cancel();
}

void Load::send_what_is_due() {
  const Instant now = steady_clock::now();
  const auto due_at = [this](std::size_t n) {
    const std::chrono::duration<double> after(static_cast<double>(n) / options_.rate);
    return began_ + std::chrono::duration_cast<steady_clock::duration>(after);
  };
  for (; due_at(sent_) <= now; ++sent_) waiting_.push_back(due_at(sent_));
  hand_out();
  due_.expires_at(due_at(sent_));
  due_.async_wait([this](const error_code& error) {
    if (!error && !over_) send_what_is_due();
  });
}

void Load::hand_out() {
  while (!waiting_.empty() && !idle_.empty()) {
    Connection* const connection = idle_.front();
    idle_.pop_front();
    const Instant due = waiting_.front();
    waiting_.pop_front();
    send(*connection, due);
  }
}

void Load::send(Connection& connection, Instant due) {
  const std::string& request = options_.requests[turn_++ % options_.requests.size()];
  connection.due = due;
  ++in_flight_;
  error_code error;
  asio::write(connection.socket, asio::buffer(request), error);
  if (error) {
    broken(connection);
  } else {
    receive(connection);
  }
}

void Load::receive(Connection& connection) {
  connection.socket.async_read_some(
      asio::buffer(connection.room), [this, &connection](const error_code& error, std::size_t n) {
        if (error) return broken(connection);
        connection.bytes.append(connection.room.data(), n);
        const std::size_t size = twindow::bench::answer_size(connection.bytes);
        if (size == 0) return receive(connection);
        answered(connection);
      });
}

void Load::answered(Connection& connection) {
  const Instant now = steady_clock::now();
  --in_flight_;
  if (connection.bytes.starts_with("HTTP/1.1 20")) {
    ++connection.answered;
    latencies_.push_back(std::chrono::duration<double, std::micro>(now - connection.due).count());
  } else {
    ++failed_;
  }
  connection.bytes.clear();
  if (open_loop()) {
    idle_.push_back(&connection);
    hand_out();
  } else if (!over_) {
    send(connection, now);
  }
  finish();
}

void Load::broken(Connection& connection) {
  --in_flight_;
  ++failed_;
  connection.bytes.clear();
  if (over_) return finish();
  connect(connection);
  idle_.push_back(&connection);
}

void Load::connect(Connection& connection) {
  error_code error;
  connection.socket.close(error);
  connection.socket.connect(options_.server, error);
  if (error) {
    std::fprintf(stderr, "cannot connect: %s\n", error.message().c_str());
    std::exit(1);
  }
  connection.socket.set_option(tcp::no_delay(true), error);
}

void Load::print() {
  failed_ += waiting_.size() + in_flight_;
  std::ranges::sort(latencies_);
  const auto percentile = [this](double share) {
    if (latencies_.empty()) return 0.0;
    const auto last = static_cast<double>(latencies_.size() - 1);
    return latencies_[static_cast<std::size_t>(share * last)];
  };
  std::size_t served = 0;
  std::size_t fewest = latencies_.size();
  for (const auto& connection : connections_) {
    served += connection->answered > 0 ? 1 : 0;
    fewest = std::min(fewest, connection->answered);
  }
  std::printf(
      "result answered=%zu failed=%zu p50_us=%.1f p99_us=%.1f max_us=%.1f served=%zu "
      "fewest=%zu\n",
      latencies_.size(), failed_, percentile(0.5), percentile(0.99), percentile(1), served, fewest);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "bench_open_loop PORT REQUESTS-FILE CONNECTIONS RATE SECONDS\n");
    return 1;
  }
  Options options{
      .server = {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(std::stoul(argv[1]))},
      .requests = twindow::bench::read_requests(argv[2]),
      .connections = std::stoul(argv[3]),
      .rate = std::stod(argv[4]),
      .length = std::chrono::duration<double>(std::stod(argv[5]))};
  if (options.requests.empty()) {
    std::fprintf(stderr, "%s: expected requests\n", argv[2]);
    return 1;
  }
  Load load(std::move(options));
  load.run();
  load.print();
  return 0;
}
