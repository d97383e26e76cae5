// SPDX-License-Identifier: Apache-2.0
// The control server over raw sockets; one test per fault of cpp-httplib 0.11.4 that must not
// show (performance notes, section 5).
#include "twindow/net/control_server.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/io_runner.h"
#include "tests/net/raw_socket.h"
#include "tests/support/case_name.h"

namespace {

using namespace std::chrono_literals;
using namespace twindow;
using std::chrono::steady_clock;
using test::RawSocket;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Says when it happens that a stream or a call comes to its end.
class Ended {
 public:
  void tell() {
    const std::lock_guard lock(mutex_);
    ++count_;
    news_.notify_all();
  }
  bool within(std::chrono::milliseconds longest, int count = 1) {
    std::unique_lock lock(mutex_);
    return news_.wait_for(lock, longest, [&] { return count_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  int count_ = 0;
};

// Waits until it is cancelled.
Task<void> wait_for_ever() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 24h);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

// `count` pieces, an empty one among them, then nothing for ever or the end.
class Pieces final : public wire::BodyStream {
 public:
  Pieces(int count, bool goes_on, Ended& ended) : count_(count), goes_on_(goes_on), ended_(ended) {}
  ~Pieces() override { ended_.tell(); }
  Task<std::optional<std::string>> next() override {
    if (given_ < count_) {
      ++given_;
      co_return given_ == 2 ? std::string() : "piece " + std::to_string(given_) + "\n";
    }
    if (goes_on_) {
      co_await wait_for_ever();
    }
    co_return std::nullopt;
  }

 private:
  int count_;
  bool goes_on_;
  Ended& ended_;
  int given_ = 0;
};

struct Fixture {
  explicit Fixture(net::ControlServerOptions options = {}) {
    auto made = net::ControlServer::listen(
        io.executor(), options, [this](wire::HttpCall call) { return handle(std::move(call)); },
        [this](const wire::CallLogEntry& entry) {
          const std::lock_guard lock(mutex);
          logged.push_back(std::to_string(entry.status) + " " + std::string(entry.target));
          routes.emplace_back(entry.route);
        });
    EXPECT_TRUE(made) << made.error().detail;
    server = *std::move(made);
  }
  ~Fixture() { server.reset(); }

  Task<wire::HttpReply> handle(wire::HttpCall call) {
    {
      const std::lock_guard lock(mutex);
      calls.push_back(call);
    }
    wire::HttpReply reply;
    reply.headers.push_back({"Content-Type", "application/json"});
    const auto path = std::string(wire::split_target(call.target).path);
    if (path == "/throw") throw std::runtime_error("the secret of the house");
    if (path == "/created") {
      reply.status = 201;
      reply.route = "/{created}";
    }
    if (path == "/nothing") reply.status = 204;
    if (path == "/refused") reply.status = 403;
    if (path == "/pieces") reply.body = std::make_shared<Pieces>(3, false, stream_ended);
    if (path == "/events") reply.body = std::make_shared<Pieces>(1, true, stream_ended);
    if (path == "/wait") {
      call_begun.tell();
      co_await wait_for_ever();
    }
    if (path == "/big") reply.body = std::string(200'000, 'x');
    if (auto* text = std::get_if<std::string>(&reply.body); text && text->empty()) {
      if (reply.status != 204) *text = call.method + " " + call.target;
    }
    co_return reply;
  }

  RawSocket connect() const { return RawSocket::connect(server->port()); }
  std::string ask(const std::string& bytes) const {
    RawSocket socket = connect();
    socket.send(bytes);
    return socket.read_reply();
  }
  wire::HttpCall last_call() {
    const std::lock_guard lock(mutex);
    return calls.empty() ? wire::HttpCall{} : calls.back();
  }
  std::size_t call_count() {
    const std::lock_guard lock(mutex);
    return calls.size();
  }

  test::IoRunner io;
  std::mutex mutex;
  std::vector<wire::HttpCall> calls;
  std::vector<std::string> logged;
  std::vector<std::string> routes;
  Ended stream_ended;
  Ended call_begun;
  std::unique_ptr<net::ControlServer> server;
};

std::string get(const std::string& target, const std::string& lines = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n";
}
std::string post(const std::string& target, const std::string& body,
                 const std::string& lines = {}) {
  return "POST " + target +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         lines + "\r\n" + body;
}

TEST(ControlServer, AnswersEveryMethodThroughOneHandler) {
  Fixture fixture;
  for (const std::string method :
       {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"}) {
    const auto reply =
        fixture.ask(method + " /a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(reply, HasSubstr("\r\n\r\n" + method + " /a?b=c"));
    EXPECT_EQ(fixture.last_call().method, method);
    EXPECT_EQ(fixture.last_call().body, "hi");
  }
}

TEST(ControlServer, HandsOnTheCallAsItWasSent) {
  Fixture fixture;
  fixture.ask(post("/x%2Fy?q=%20&q=+", "Body=a=b&Body=c", "X-One: 1\r\nx-one: 2\r\n"));
  const auto call = fixture.last_call();
  EXPECT_EQ(call.target, "/x%2Fy?q=%20&q=+");
  EXPECT_EQ(call.peer, "127.0.0.1");
  EXPECT_EQ(call.body, "Body=a=b&Body=c");
  const wire::Headers want{
      {"Host", "localhost"}, {"Content-Length", "15"}, {"X-One", "1"}, {"x-one", "2"}};
  EXPECT_EQ(call.headers, want);
}

TEST(ControlServer, WritesHeadersOfTheReplyAndItsOwn) {
  Fixture fixture;
  const auto reply = fixture.ask(get("/created"));
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 201 Created\r\n"));
  EXPECT_THAT(reply, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(reply, HasSubstr("Content-Length: 12\r\n"));
  EXPECT_THAT(reply, testing::ContainsRegex("Date: [A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ [0-9]+ "));
  EXPECT_THAT(reply, Not(HasSubstr("REMOTE_ADDR")));
}

TEST(ControlServer, AnswersNoContentWithoutALength) {
  Fixture fixture;
  const auto reply = fixture.ask(get("/nothing"));
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 204 "));
  EXPECT_THAT(reply, Not(HasSubstr("Content-Length")));
}

TEST(ControlServer, AnswersHeadWithoutTheBody) {
  Fixture fixture;
  RawSocket socket = fixture.connect();
  socket.send("HEAD /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const auto reply = socket.read_to_end();
  EXPECT_THAT(reply, HasSubstr("Content-Length: 7\r\n"));
  EXPECT_TRUE(reply.ends_with("\r\n\r\n")) << reply;
  EXPECT_EQ(fixture.last_call().method, "HEAD");
}

// Trap: Nagle's algorithm and delayed acknowledgements, 40 ms an answer; 5 requests a connection.
TEST(ControlServer, KeepsAConnectionForManyQuickCalls) {
  Fixture fixture;
  RawSocket socket = fixture.connect();
  const auto begun = steady_clock::now();
  for (int n = 0; n < 200; ++n) {
    ASSERT_TRUE(socket.send(get("/n")));
    ASSERT_THAT(socket.read_reply(), StartsWith("HTTP/1.1 200 ")) << n;
  }
  EXPECT_LT(steady_clock::now() - begun, 4s);  // 8 s and more with Nagle
}

// Trap: pipelined requests are lost.
TEST(ControlServer, AnswersPipelinedRequestsInOrder) {
  Fixture fixture;
  RawSocket socket = fixture.connect();
  socket.send(get("/1") + post("/2", "abc") + get("/3"));
  EXPECT_THAT(socket.read_reply(), HasSubstr("GET /1"));
  EXPECT_THAT(socket.read_reply(), HasSubstr("POST /2"));
  EXPECT_THAT(socket.read_reply(), HasSubstr("GET /3"));
}

// Trap: a listen backlog of 5, and a thread for each idle connection.
TEST(ControlServer, ServesMoreClientsThanItHasThreads) {
  net::ControlServerOptions options;
  options.threads = 2;
  Fixture fixture(options);
  std::vector<RawSocket> idle;
  for (int n = 0; n < 40; ++n) {
    idle.push_back(fixture.connect());
    ASSERT_TRUE(idle.back().connected());
    idle.back().send(get("/n"));
    ASSERT_THAT(idle.back().read_reply(), StartsWith("HTTP/1.1 200 ")) << n;
  }
}

TEST(ControlServer, AcceptsABurstOfConnections) {
  Fixture fixture;
  std::vector<RawSocket> clients;
  for (int n = 0; n < 200; ++n) clients.push_back(fixture.connect());
  for (RawSocket& client : clients) {
    ASSERT_TRUE(client.connected());
    client.send(get("/burst", "Connection: close\r\n"));
  }
  for (RawSocket& client : clients) EXPECT_THAT(client.read_reply(), HasSubstr("GET /burst"));
}

// Trap: SO_REUSEPORT lets a second server start silently.
TEST(ControlServer, RefusesAPortThatIsTaken) {
  Fixture fixture;
  net::ControlServerOptions options;
  options.port = fixture.server->port();
  const auto second =
      net::ControlServer::listen(fixture.io.executor(), options, wire::Handler(), wire::CallLog());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::Unavailable);
  EXPECT_EQ(second.error().detail,
            "127.0.0.1:" + std::to_string(options.port) + " is already in use by another program");
}

TEST(ControlServer, SaysThatAnAddressIsNotOneOfThisMachine) {
  Fixture fixture;
  net::ControlServerOptions options;
  options.address = "192.0.2.1";  // RFC 5737: nobody's
  const auto server =
      net::ControlServer::listen(fixture.io.executor(), options, wire::Handler(), wire::CallLog());
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().code, Errc::Unavailable);
  EXPECT_EQ(server.error().detail,
            "cannot listen on 192.0.2.1:0: is the address one of this machine?");
}

TEST(ControlServer, CanListenAgainWhereOneHasStopped) {
  net::ControlServerOptions options;
  {
    Fixture fixture;
    options.port = fixture.server->port();
    EXPECT_THAT(fixture.ask(get("/a")), StartsWith("HTTP/1.1 200 "));
  }
  Fixture again(options);
  EXPECT_EQ(again.server->port(), options.port);
  EXPECT_THAT(again.ask(get("/b")), StartsWith("HTTP/1.1 200 "));
}

// Trap: header values are percent-decoded, so that %0d%0a becomes a line break.
TEST(ControlServer, DoesNotDecodeHeaderValues) {
  Fixture fixture;
  fixture.ask(get("/a", "X-Evil: a%0d%0aX-Made: up%00\r\n"));
  const auto headers = fixture.last_call().headers;
  EXPECT_EQ(wire::find_header(headers, "X-Evil"), "a%0d%0aX-Made: up%00");
  EXPECT_EQ(wire::find_header(headers, "X-Made"), std::nullopt);
}

// Trap: a client can send REMOTE_ADDR and be taken for somebody else.
TEST(ControlServer, TakesThePeerFromTheSocket) {
  Fixture fixture;
  fixture.ask(get("/a", "REMOTE_ADDR: 203.0.113.9\r\n"));
  EXPECT_EQ(fixture.last_call().peer, "127.0.0.1");
  EXPECT_EQ(fixture.last_call().headers.size(), 2u);  // and no header is made up
}

// Traps: forms over 8,192 bytes are refused, `a=b=c` loses its middle, multipart is taken apart.
TEST(ControlServer, HandsOnBodiesOfAnyTypeAsTheyAre) {
  Fixture fixture;
  const std::string big = "Body=" + std::string(100'000, 'x') + "=y";
  for (const std::string type :
       {"application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain"}) {
    const auto reply = fixture.ask(post("/a?Body=query", big, "Content-Type: " + type + "\r\n"));
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 ")) << type;
    EXPECT_EQ(fixture.last_call().body, big) << type;
  }
}

// Trap: a compressed body grows beyond the limit while it is read.
TEST(ControlServer, DoesNotUnpackBodies) {
  Fixture fixture;
  fixture.ask(post("/a", "\x1f\x8b\x08", "Content-Encoding: gzip\r\n"));
  EXPECT_EQ(fixture.last_call().body, "\x1f\x8b\x08");
}

struct RefusedCase {
  std::string name;
  std::string request;
  int status;
};
void PrintTo(const RefusedCase& row, std::ostream* out) { *out << row.name; }

class Refused : public testing::TestWithParam<RefusedCase> {};

TEST_P(Refused, IsAnsweredAsAnErrorAndCloses) {
  net::ControlServerOptions options;
  options.body_bytes_max = 1000;
  Fixture fixture(options);
  RawSocket socket = fixture.connect();
  socket.send(GetParam().request);
  const auto reply = socket.read_reply();
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 " + std::to_string(GetParam().status) + " "));
  EXPECT_THAT(reply, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(reply, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(reply, testing::ContainsRegex(
                         "\\{\"errors\":\\[\\{\"title\":\"[^\"]+\",\"detail\":\"[^\"]+\","
                         "\"pointer\":\"\"\\}\\]\\}$"));
  socket.end_of_writing();
  EXPECT_TRUE(socket.at_end());
  EXPECT_EQ(fixture.call_count(), 0u);
}

std::string chunked(const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Refused,
    testing::ValuesIn(std::vector<RefusedCase>{
        {"LengthAndCoding",
         "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
         "0\r\n\r\n",
         400},
        {"TwoLengths",
         "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
        {"GarbledLength", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3x\r\n\r\nabc", 400},
        {"TwoHosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n", 400},
        {"GarbledChunks", chunked("3\r\nabcdef\r\n0\r\n\r\n"), 400},
        {"ChunkedOverTheLimit", chunked("5dc\r\n" + std::string(1500, 'x') + "\r\n0\r\n\r\n"), 413},
        {"ManyChunksOverTheLimit",
         chunked("1f4\r\n" + std::string(500, 'x') + "\r\n1f4\r\n" + std::string(500, 'x') +
                 "\r\n1\r\nx\r\n0\r\n\r\n"),
         413},
        {"LengthOverTheLimit", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n", 413},
        {"OneHugeHeader", get("/", "A: " + std::string(40'000, 'x') + "\r\n"), 431},
        {"HugeLineWithoutEnd", "GET / HTTP/1.1\r\nA: " + std::string(200'000, 'x'), 431},
        {"LongPathOverTheHead", get("/" + std::string(40'000, 'a')), 431},
        {"Http3", "GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505},
    }),
    test::case_name);

TEST(ControlServer, RefusesTooManyHeaders) {
  Fixture fixture;
  std::string lines;
  for (int n = 0; n < 1000; ++n) lines += "A: b\r\n";
  EXPECT_THAT(fixture.ask(get("/", lines)), StartsWith("HTTP/1.1 431 "));
}

TEST(ControlServer, ReadsChunkedBodies) {
  Fixture fixture;
  EXPECT_THAT(fixture.ask(chunked("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")),
              StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(fixture.last_call().body, "abcde");
}

TEST(ControlServer, AsksForABodyThatIsExpected) {
  Fixture fixture;
  RawSocket socket = fixture.connect();
  socket.send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(socket.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  socket.send("abc");
  EXPECT_THAT(socket.read_reply(), StartsWith("HTTP/1.1 200 "));
}

// Trap: a POST without any length is read until the client goes away.
TEST(ControlServer, TakesAPostWithoutLengthAsEmpty) {
  Fixture fixture;
  EXPECT_THAT(fixture.ask("POST /a HTTP/1.1\r\nHost: h\r\n\r\n"), HasSubstr("POST /a"));
  EXPECT_EQ(fixture.last_call().body, "");
}

// Trap: the text of an exception goes out in a header.
TEST(ControlServer, AnswersAThrowingHandlerWithoutItsWords) {
  Fixture fixture;
  RawSocket socket = fixture.connect();
  socket.send(get("/throw"));
  const auto reply = socket.read_reply();
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(reply, HasSubstr("{\"errors\":[{\"title\":"));
  EXPECT_THAT(reply, Not(HasSubstr("secret")));
  EXPECT_THAT(reply, Not(HasSubstr("EXCEPTION")));
  socket.send(get("/a"));
  EXPECT_THAT(socket.read_reply(), StartsWith("HTTP/1.1 200 "));
}

// Trap: every text is compressed for whoever offers it, 1 ms each.
TEST(ControlServer, DoesNotCompress) {
  Fixture fixture;
  const auto reply = fixture.ask(get("/big", "Accept-Encoding: gzip, br\r\n"));
  EXPECT_THAT(reply, Not(HasSubstr("Content-Encoding")));
  EXPECT_THAT(reply, HasSubstr("Content-Length: 200000\r\n"));
}

// Trap: std::regex routes recurse once per character.
TEST(ControlServer, TakesLongPaths) {
  Fixture fixture;
  const std::string path = "/" + std::string(30'000, 'a');
  EXPECT_THAT(fixture.ask(get(path)), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(fixture.last_call().target, path);
}

// Trap: a Range makes 206 or 416 of every answer.
TEST(ControlServer, IgnoresRanges) {
  Fixture fixture;
  EXPECT_THAT(fixture.ask(post("/created", "x", "Range: bytes=0-1\r\n")),
              StartsWith("HTTP/1.1 201 "));
  EXPECT_THAT(fixture.ask(get("/a", "Range: bytes=x\r\n")), StartsWith("HTTP/1.1 200 "));
}

TEST(ControlServer, CountsADescriptorOver1023AsAnyOther) {
  Fixture fixture;
  std::vector<int> taken;
  while (taken.empty() || taken.back() < 1030) {
    const int next = ::dup(0);
    if (next < 0) break;
    taken.push_back(next);
  }
  const bool enough = !taken.empty() && taken.back() >= 1030;
  std::string reply;
  if (enough) reply = fixture.ask(get("/a"));
  for (const int descriptor : taken) ::close(descriptor);
  if (!enough) GTEST_SKIP() << "this machine does not allow so many descriptors";
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 "));
}

TEST(ControlServer, WritesAStreamPieceByPiece) {
  Fixture fixture;
  RawSocket socket = fixture.connect();
  socket.send(get("/pieces"));
  EXPECT_THAT(socket.read_until("\r\n\r\n"), HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_EQ(socket.read_until("0\r\n\r\n"), "8\r\npiece 1\n\r\n8\r\npiece 3\n\r\n0\r\n\r\n");
  EXPECT_TRUE(fixture.stream_ended.within(5s));
  socket.send(get("/a"));  // the connection is kept
  EXPECT_THAT(socket.read_reply(), HasSubstr("GET /a"));
}

TEST(ControlServer, WritesAStreamUntilTheEndFor10) {
  Fixture fixture;
  RawSocket socket = fixture.connect();
  socket.send("GET /pieces HTTP/1.0\r\n\r\n");
  const auto reply = socket.read_to_end();
  EXPECT_THAT(reply, Not(HasSubstr("chunked")));
  EXPECT_TRUE(reply.ends_with("\r\n\r\npiece 1\npiece 3\n")) << reply;
}

TEST(ControlServer, EndsAStreamWhoseReaderHasGone) {
  Fixture fixture;
  RawSocket socket = fixture.connect();
  socket.send(get("/events"));
  EXPECT_THAT(socket.read_until("piece 1\n"), HasSubstr("piece 1"));
  socket.close();
  EXPECT_TRUE(fixture.stream_ended.within(5s));
}

TEST(ControlServer, KeepsThreadsForCallsWhenStreamsAreMany) {
  net::ControlServerOptions options;
  options.threads = 4;
  Fixture fixture(options);
  std::vector<RawSocket> streams;
  for (int n = 0; n < 3; ++n) {
    streams.push_back(fixture.connect());
    streams.back().send(get("/events"));
    streams.back().read_until("piece 1\n");
  }
  EXPECT_THAT(fixture.ask(get("/events")), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(fixture.ask(get("/a")), StartsWith("HTTP/1.1 200 "));
}

TEST(ControlServer, EndsACallWhoseClientHasGone) {
  net::ControlServerOptions options;
  options.threads = 1;
  Fixture fixture(options);
  RawSocket socket = fixture.connect();
  socket.send(get("/wait"));
  EXPECT_TRUE(fixture.call_begun.within(5s));
  socket.close();
  EXPECT_THAT(fixture.ask(get("/a")), StartsWith("HTTP/1.1 200 "));  // by the only thread
}

TEST(ControlServer, AnswersAClientThatHasFinishedWriting) {
  Fixture fixture;
  RawSocket socket = fixture.connect();
  socket.send(get("/a"));
  socket.end_of_writing();
  EXPECT_THAT(socket.read_to_end(), HasSubstr("GET /a"));
}

// Trap: stop() waits until idle clients have timed out.
TEST(ControlServer, StopsAtOnceWhateverItsClientsDo) {
  Fixture fixture;
  RawSocket idle = fixture.connect();
  idle.send(get("/a"));
  idle.read_reply();
  RawSocket silent = fixture.connect();
  RawSocket half = fixture.connect();
  half.send("GET / HTTP/1.1\r\nHo");
  RawSocket events = fixture.connect();
  events.send(get("/events"));
  events.read_until("piece 1\n");
  RawSocket waits = fixture.connect();
  waits.send(get("/wait"));
  EXPECT_TRUE(fixture.call_begun.within(5s));
  const auto begun = steady_clock::now();
  fixture.server->stop();
  EXPECT_LT(steady_clock::now() - begun, 2s);
  EXPECT_TRUE(idle.at_end());
  EXPECT_EQ(events.read_to_end(), "\r\n0\r\n\r\n");
  EXPECT_THAT(waits.read_reply(), StartsWith("HTTP/1.1 503 "));
  EXPECT_TRUE(fixture.stream_ended.within(5s));
  EXPECT_FALSE(fixture.connect().connected());
  fixture.server->stop();  // again, which does nothing
}

TEST(ControlServer, StopsWhileAClientDoesNotRead) {
  Fixture fixture;
  RawSocket deaf = fixture.connect();
  std::string many;
  for (int n = 0; n < 200; ++n) many += get("/big");  // 40 MB of answers
  deaf.send(many);
  EXPECT_THAT(deaf.read_until("\r\n"), StartsWith("HTTP/1.1 200 "));
  const auto begun = steady_clock::now();
  fixture.server->stop();
  EXPECT_LT(steady_clock::now() - begun, 3s);
}

TEST(ControlServer, StopsAlsoWhenNobodyRunsItsHandlers) {
  Fixture fixture;
  fixture.io.stop();
  RawSocket socket = fixture.connect();
  socket.send(get("/a"));
  auto stopped = std::async(std::launch::async, [&] { fixture.server->stop(); });
  EXPECT_EQ(stopped.wait_for(5s), std::future_status::ready);
}

TEST(ControlServer, CountsItsConnections) {
  Fixture fixture;
  EXPECT_EQ(fixture.server->connections(), 0u);
  RawSocket one = fixture.connect();
  RawSocket two = fixture.connect();
  for (RawSocket* socket : {&one, &two}) {
    socket->send(get("/a"));
    EXPECT_FALSE(socket->read_reply().empty());
  }
  EXPECT_EQ(fixture.server->connections(), 2u);
}

TEST(ControlServer, LogsTheRouteThatTheHandlerNames) {
  Fixture fixture;
  fixture.ask(get("/created", "Connection: close\r\n"));
  fixture.ask(get("/other", "Connection: close\r\n"));
  fixture.server->stop();
  const std::lock_guard lock(fixture.mutex);
  EXPECT_THAT(fixture.routes, testing::UnorderedElementsAre("/{created}", ""));
}

TEST(ControlServer, LogsEachCallOnce) {
  Fixture fixture;
  fixture.ask(get("/refused?x=1", "Connection: close\r\n"));
  fixture.ask("nonsense\r\n\r\n");
  fixture.server->stop();
  const std::lock_guard lock(fixture.mutex);
  EXPECT_THAT(fixture.logged, testing::UnorderedElementsAre("403 /refused?x=1", "400 "));
}

}  // namespace
