// SPDX-License-Identifier: Apache-2.0
// cpp-httplib 0.11.4 is shown a request line of our own and nothing else, so that none of its
// readings (decoded headers, ranges, compression, forms, regex routes) meets foreign input. It
// keeps what it is good at: listening, dealing connections to threads, writing answers.
#include "twindow/net/control_server.h"

#include <atomic>
#include <cerrno>
#include <charconv>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include <boost/asio/strand.hpp>
#include <httplib.h>

#include "twindow/base/check.h"
#include "twindow/base/clock.h"
#include "twindow/base/guarded.h"

#include "src/net/blocking_call.h"
#include "src/net/control_socket.h"
#include "src/net/control_workers.h"
#include "src/net/open_connections.h"
#include "src/net/reply_head.h"

namespace twindow::net {

namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int kBacklog = 511;
constexpr std::chrono::milliseconds kFirstRequestTime = 1s;
constexpr std::chrono::milliseconds kIdleTime = 60s;
constexpr std::chrono::milliseconds kStopTime = 800ms;  // then those who do not read are cut off
constexpr Patience kCallPatience{.after_gone = 400ms, .after_cancel = 200ms};
constexpr Patience kStreamPatience{.after_gone = 0ms, .after_cancel = 200ms};

std::string error_body(int status, std::string_view detail) {
  std::string body = R"({"errors":[{"title":")";
  body.append(wire::reason_phrase(status)).append(R"(","detail":")");
  body.append(detail).append(R"(","pointer":""}]})");
  return body;
}

wire::HttpReply error_reply(int status, std::string_view detail) {
  wire::HttpReply reply{.status = status};
  reply.headers.push_back({"Content-Type", "application/json"});
  reply.body = error_body(status, detail);
  return reply;
}

std::string date_text() { return std::string(DateText().at(SystemClock().now())); }

Task<wire::HttpReply> call_handler(std::shared_ptr<const wire::Handler> handler,
                                   wire::HttpCall call) {
  wire::HttpReply reply = co_await (*handler)(std::move(call));
  co_return reply;
}

Task<std::optional<std::string>> next_piece(std::shared_ptr<wire::BodyStream> stream) {
  std::optional<std::string> piece = co_await stream->next();
  co_return piece;
}

// One request on its way through cpp-httplib. Lives on the stack of the thread that serves it.
struct Exchange {
  ControlSocket& socket;
  ControlRequest request;
  bool close = false;  // the connection ends with this answer
  int status = 0;
  std::string_view route = {};  // static, see HttpReply
  std::size_t bytes_out = 0;    // of the body
};

// What cpp-httplib reads and writes: our request line in, its answer out.
class ShownStream final : public httplib::Stream {
 public:
  ShownStream(Exchange& exchange, std::string shown)
      : exchange_(exchange), shown_(std::move(shown)) {}

  bool is_readable() const override { return read_ < shown_.size(); }
  bool is_writable() const override { return !failed_; }
  ssize_t read(char* to, size_t size) override {
    const auto count = shown_.copy(to, size, read_);
    read_ += count;
    return static_cast<ssize_t>(count);
  }
  // All or nothing: cpp-httplib does not come back for the rest of a body.
  ssize_t write(const char* from, size_t size) override {
    if (!failed_) failed_ = !exchange_.socket.write({from, size});
    return failed_ ? -1 : static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return -1; }  // it refuses descriptors over 1023
  bool failed() const { return failed_; }

 private:
  Exchange& exchange_;
  std::string shown_;
  std::size_t read_ = 0;
  bool failed_ = false;
};

bool written_by_the_adapter(const std::string& name) {
  for (const char* ours : {"Content-Length", "Connection", "Date", "Transfer-Encoding"}) {
    if (::strcasecmp(name.c_str(), ours) == 0) return true;
  }
  return false;
}

}  // namespace

class ControlServer::Impl final : public httplib::Server {
 public:
  Impl(boost::asio::io_context::executor_type runs_handlers, ControlServerOptions options,
       wire::Handler handler, wire::CallLog log);
  ~Impl() override { stop_serving(); }

  Result<void> start();
  void stop_serving();
  const ControlServerOptions& options() const { return options_; }
  std::uint16_t port() const { return port_; }
  std::size_t connections() const { return connections_.size(); }

 private:
  bool process_and_close_socket(socket_t descriptor) override;
  bool wait_idle(OpenConnections::Id id, ControlSocket& socket);
  bool serve_one(ControlSocket& socket);
  void refuse(ControlSocket& socket, const Refusal& refusal);
  void answer(Exchange& exchange, httplib::Response& response);
  void fill(Exchange& exchange, wire::HttpReply reply, httplib::Response& response);
  void stream(Exchange& exchange, std::shared_ptr<wire::BodyStream> body, std::string type,
              httplib::Response& response);
  bool write_pieces(Exchange& exchange, const Strand& strand,
                    const std::shared_ptr<wire::BodyStream>& body, httplib::DataSink& sink);
  void note(const Exchange& exchange, steady_clock::time_point begun);

  boost::asio::io_context::executor_type runs_handlers_;
  ControlServerOptions options_;
  // Shared with handlers that are left behind when the server stops.
  std::shared_ptr<const wire::Handler> handler_;
  wire::CallLog log_;
  std::uint16_t port_ = 0;
  OpenConnections connections_;
  std::atomic<OpenConnections::Id> ids_ = 0;
  std::atomic<unsigned> streams_ = 0;
  // The exchanges that cpp-httplib is working on, by the number in the path it is shown.
  Guarded<std::map<OpenConnections::Id, Exchange*>> exchanges_;
  std::promise<void> accepting_;
  std::mutex stop_mutex_;
  std::thread thread_;
};

ControlServer::Impl::Impl(boost::asio::io_context::executor_type runs_handlers,
                          ControlServerOptions options, wire::Handler handler, wire::CallLog log)
    : runs_handlers_(runs_handlers),
      options_(std::move(options)),
      handler_(std::make_shared<const wire::Handler>(std::move(handler))),
      log_(std::move(log)) {
  // Without SO_REUSEPORT, cpp-httplib's default: with it a second server starts silently.
  set_socket_options([](socket_t listener) {
    const int on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  });
  new_task_queue = [this] {
    accepting_.set_value();  // stop() has an effect from here on
    return new ControlWorkers(options_.threads, connections_);
  };
  Get("/(\\d+)", [this](const httplib::Request& request, httplib::Response& response) {
    OpenConnections::Id id = 0;
    std::from_chars(request.path.data() + 1, request.path.data() + request.path.size(), id);
    Exchange* exchange = exchanges_.with([&](auto& all) { return all.at(id); });
    answer(*exchange, response);
  });
  set_exception_handler([](const httplib::Request&, httplib::Response& response, auto) {
    response.status = 500;
    response.set_content(error_body(500, "The answer could not be made"), "application/json");
  });
  set_post_routing_handler([](const httplib::Request&, httplib::Response& response) {
    response.headers.erase("Keep-Alive");
    response.headers.erase("Accept-Ranges");
    if (response.status == 204) response.headers.erase("Content-Length");  // RFC 9110 8.6
    response.set_header("Date", date_text());
  });
}

Result<void> ControlServer::Impl::start() {
  const std::string& host = options_.address;
  errno = 0;  // cpp-httplib says that it could not, the system's call why
  const int port = options_.port == 0 ? bind_to_any_port(host)
                                      : (bind_to_port(host, options_.port) ? options_.port : -1);
  if (port <= 0) {
    const int why = errno;
    const std::string place = host + ':' + std::to_string(options_.port);
    if (why == EADDRINUSE) {
      return fail(Errc::Unavailable, place + " is already in use by another program");
    }
    return fail(Errc::Unavailable,
                "cannot listen on " + place + ": is the address one of this machine?");
  }
  port_ = static_cast<std::uint16_t>(port);
  ::listen(svr_sock_, kBacklog);  // cpp-httplib asked for 5
  thread_ = std::thread([this] { listen_after_bind(); });
  accepting_.get_future().wait();
  return {};
}

void ControlServer::Impl::stop_serving() {
  const std::lock_guard lock(stop_mutex_);
  if (!thread_.joinable()) return;
  connections_.begin_stop();
  httplib::Server::stop();
  if (!connections_.wait_until_empty(kStopTime)) connections_.end_all();
  thread_.join();
}

bool ControlServer::Impl::process_and_close_socket(socket_t descriptor) {
  ControlSocket socket(descriptor);
  const auto id = ++ids_;
  if (!connections_.add(id, descriptor)) return false;
  // Who has just come is not idle yet; its first request may still be on the way.
  bool more = socket.wait_for_request(kFirstRequestTime) || wait_idle(id, socket);
  while (more && serve_one(socket)) more = wait_idle(id, socket);
  connections_.remove(id);
  return true;
}

bool ControlServer::Impl::wait_idle(OpenConnections::Id id, ControlSocket& socket) {
  if (!connections_.begin_idle(id)) return socket.wait_for_request(0ms);
  const bool request = socket.wait_for_request(kIdleTime);
  connections_.end_idle(id);
  return request;
}

bool ControlServer::Impl::serve_one(ControlSocket& socket) {
  auto got = socket.read_request(options_.body_bytes_max);
  const auto begun = steady_clock::now();
  if (std::holds_alternative<PeerGone>(got)) return false;
  if (const auto* refusal = std::get_if<Refusal>(&got)) {
    refuse(socket, *refusal);
    return false;
  }
  Exchange exchange{.socket = socket, .request = std::get<ControlRequest>(std::move(got))};
  const ControlHead& head = exchange.request.head;
  exchange.close = !head.keep_alive || connections_.somebody_waits() || connections_.stopping();
  const auto id = ++ids_;
  exchanges_.with([&](auto& all) { all.emplace(id, &exchange); });
  std::string shown = head.method == "HEAD" ? "HEAD /" : "GET /";
  shown.append(std::to_string(id)).append(" HTTP/1.1\r\n\r\n");
  ShownStream shown_stream(exchange, std::move(shown));
  bool ignored = false;
  const bool written = process_request(shown_stream, exchange.close, ignored, nullptr);
  exchanges_.with([&](auto& all) { all.erase(id); });
  note(exchange, begun);
  return written && !shown_stream.failed() && !exchange.close;
}

void ControlServer::Impl::refuse(ControlSocket& socket, const Refusal& refusal) {
  const std::string body = error_body(refusal.status, refusal.detail);
  std::string reply = "HTTP/1.1 " + std::to_string(refusal.status) + ' ';
  reply.append(wire::reason_phrase(refusal.status));
  reply.append("\r\nContent-Type: application/json\r\nContent-Length: ");
  reply.append(std::to_string(body.size())).append("\r\nDate: ").append(date_text());
  reply.append("\r\nConnection: close\r\n\r\n").append(body);
  if (socket.write(reply)) socket.linger();
  if (!log_) return;
  log_({.plane = "control",
        .peer = socket.peer(),
        .method = {},
        .target = {},
        .status = refusal.status,
        .bytes_out = body.size()});
}

void ControlServer::Impl::answer(Exchange& exchange, httplib::Response& response) {
  wire::HttpCall call;
  call.method = exchange.request.head.method;
  call.target = exchange.request.head.target;
  call.headers = exchange.request.head.headers;
  call.body = exchange.request.body;
  call.peer = exchange.socket.peer();
  const Strand strand(runs_handlers_);
  auto reply = run_blocking<wire::HttpReply>(strand, call_handler(handler_, std::move(call)),
                                             exchange.socket.descriptor(), kCallPatience);
  if (reply) {
    fill(exchange, *std::move(reply), response);
  } else if (connections_.stopping()) {
    fill(exchange, error_reply(503, "The server is stopping"), response);
  } else {
    fill(exchange, error_reply(500, "The handler of this call failed"), response);
  }
}

void ControlServer::Impl::fill(Exchange& exchange, wire::HttpReply reply,
                               httplib::Response& response) {
  auto* body = std::get_if<std::shared_ptr<wire::BodyStream>>(&reply.body);
  const unsigned streams_max = options_.threads - options_.threads / 4;
  if (body && *body && streams_ >= streams_max) {
    return fill(exchange, error_reply(503, "Too many event streams are open"), response);
  }
  std::string type = "text/plain";
  for (const wire::Header& header : wire::all_headers(reply)) {
    if (written_by_the_adapter(header.name)) continue;
    const bool is_type = ::strcasecmp(header.name.c_str(), "Content-Type") == 0;
    if (is_type) type = header.value;
    if (!is_type) response.set_header(header.name, header.value);
  }
  response.status = exchange.status = reply.status;
  exchange.route = reply.route;
  if (body && *body) return stream(exchange, std::move(*body), std::move(type), response);
  if (body) return;
  std::string& text = std::get<std::string>(reply.body);
  exchange.bytes_out = text.size();
  if (text.empty()) return;
  response.body = std::move(text);
  response.set_header("Content-Type", type);
}

void ControlServer::Impl::stream(Exchange& exchange, std::shared_ptr<wire::BodyStream> body,
                                 std::string type, httplib::Response& response) {
  ++streams_;
  auto provide = [this, &exchange, body = std::move(body), strand = Strand(runs_handlers_)](
                     std::size_t, httplib::DataSink& sink) {
    // All in one call: between two of them cpp-httplib forgets the last chunk when it stops.
    return write_pieces(exchange, strand, body, sink);
  };
  auto released = [this](bool) { --streams_; };
  if (exchange.request.head.http_1_0) {
    response.set_content_provider(type, std::move(provide), released);
  } else {
    response.set_chunked_content_provider(type, std::move(provide), released);
  }
}

bool ControlServer::Impl::write_pieces(Exchange& exchange, const Strand& strand,
                                       const std::shared_ptr<wire::BodyStream>& body,
                                       httplib::DataSink& sink) {
  for (;;) {
    const auto piece = run_blocking<std::optional<std::string>>(
        strand, next_piece(body), exchange.socket.descriptor(), kStreamPatience);
    if (connections_.stopping() || (piece && !*piece)) break;
    if (!piece) return false;  // it threw, or nobody reads: the missing last chunk says so
    exchange.bytes_out += (*piece)->size();
    // An empty write would be the end of the body.
    if (!(*piece)->empty() && !sink.write((*piece)->data(), (*piece)->size())) return false;
  }
  sink.done();
  return true;
}

void ControlServer::Impl::note(const Exchange& exchange, steady_clock::time_point begun) {
  if (!log_) return;
  const auto took = steady_clock::now() - begun;
  log_({.plane = "control",
        .peer = exchange.socket.peer(),
        .method = exchange.request.head.method,
        .target = exchange.request.head.target,
        .route = exchange.route,
        .status = exchange.status,
        .bytes_in = exchange.request.body.size(),
        .bytes_out = exchange.bytes_out,
        .took = std::chrono::duration_cast<std::chrono::microseconds>(took)});
}

Result<std::unique_ptr<ControlServer>> ControlServer::listen(
    boost::asio::io_context::executor_type runs_handlers, ControlServerOptions options,
    wire::Handler handler, wire::CallLog log) {
  auto impl =
      std::make_unique<Impl>(runs_handlers, std::move(options), std::move(handler), std::move(log));
  TWINDOW_TRY(impl->start());
  return std::unique_ptr<ControlServer>(new ControlServer(std::move(impl)));
}

ControlServer::ControlServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ControlServer::~ControlServer() = default;
std::string ControlServer::address() const { return impl_->options().address; }
std::uint16_t ControlServer::port() const { return impl_->port(); }
std::size_t ControlServer::connections() const { return impl_->connections(); }
void ControlServer::stop() { impl_->stop_serving(); }

}  // namespace twindow::net
