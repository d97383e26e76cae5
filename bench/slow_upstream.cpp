// SPDX-License-Identifier: Apache-2.0
// A Twilio that takes its time: answers each POST after a number of milliseconds with a 201 and a
// SID of its own, however many wait at once; anything else at once with a 404.
//
//   bench_slow_upstream PORT MILLISECONDS
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "bench/answer.h"

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::string answer(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

std::string created() {
  static unsigned long number = 0;
  std::array<char, 35> sid;
  std::snprintf(sid.data(), sid.size(), "SM%032lx", ++number);
  return answer("201 Created",
                R"({"account_sid": "AC00000000000000000000000000000001", "sid": ")" +
                    std::string(sid.data()) +
                    R"(", "status": "queued", "direction": "outbound-api", )"
                    R"("from": "whatsapp:+14155550100", "to": "whatsapp:+15555550001", )"
                    R"("body": "Your appointment is on July 21 at 3 PM.", "error_code": null})");
}

class Caller : public std::enable_shared_from_this<Caller> {
 public:
  Caller(tcp::socket socket, std::chrono::milliseconds delay)
      : socket_(std::move(socket)), timer_(socket_.get_executor()), delay_(delay) {}

  void read() {
    socket_.async_read_some(
        asio::buffer(room_), [self = shared_from_this()](error_code error, std::size_t bytes) {
          if (error) return;
          self->bytes_.append(self->room_.data(), bytes);
          // A request has its length where an answer has it.
          const std::size_t size = twindow::bench::answer_size(self->bytes_);
          if (size == 0) return self->read();
          const bool post = self->bytes_.starts_with("POST ");
          self->bytes_.erase(0, size);
          self->reply_ = post ? created() : answer("404 Not Found", "{}");
          self->answer_after(post ? self->delay_ : std::chrono::milliseconds(0));
        });
  }

 private:
  void answer_after(std::chrono::milliseconds delay) {
    timer_.expires_after(delay);
    timer_.async_wait([self = shared_from_this()](error_code) {
      asio::async_write(self->socket_, asio::buffer(self->reply_),
                        [self](error_code error, std::size_t) {
                          if (!error) self->read();
                        });
    });
  }

  tcp::socket socket_;
  asio::steady_timer timer_;
  std::chrono::milliseconds delay_;
  std::array<char, 4096> room_;
  std::string bytes_;
  std::string reply_;
};

void accept_all(tcp::acceptor& acceptor, std::chrono::milliseconds delay) {
  acceptor.async_accept([&acceptor, delay](error_code error, tcp::socket socket) {
    if (error) return;
    socket.set_option(tcp::no_delay(true), error);
    std::make_shared<Caller>(std::move(socket), delay)->read();
    accept_all(acceptor, delay);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "bench_slow_upstream PORT MILLISECONDS\n");
    return 1;
  }
  asio::io_context io(1);
  const tcp::endpoint place(asio::ip::address_v4::loopback(),
                            static_cast<std::uint16_t>(std::stoul(argv[1])));
  tcp::acceptor acceptor(io, place);
  acceptor.listen(4096);
  accept_all(acceptor, std::chrono::milliseconds(std::stoul(argv[2])));
  io.run();
  return 0;
}
