// SPDX-License-Identifier: Apache-2.0
// What a request may be, and how it is answered: over real sockets, byte by byte.
#include <condition_variable>
#include <deque>
#include <thread>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "twindow/net/file_limit.h"

#include "tests/net/data_fixture.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using wire::HttpCall;
using wire::HttpReply;

const std::string kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

// A door that handlers wait at, on any thread, until a test opens it.
class Door {
 public:
  Task<void> pass() {
    boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    const auto timer = std::make_shared<boost::asio::steady_timer>(executor);
    timer->expires_at(boost::asio::steady_timer::time_point::max());
    {
      const std::lock_guard lock(mutex_);
      ++arrived_;
      if (!open_) waiting_.push_back(timer);
      if (open_) timer->expires_after(0ms);
    }
    changed_.notify_all();
    boost::system::error_code ignored;
    co_await timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    for (auto& timer : std::exchange(waiting_, {})) {
      boost::asio::post(timer->get_executor(), [timer] { timer->cancel(); });
    }
  }
  bool wait_for_arrivals(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return arrived_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int arrived_ = 0;
  std::vector<std::shared_ptr<boost::asio::steady_timer>> waiting_;
};

TEST_F(DataServerTest, GivesTheHandlerTheRequestAsItWasSent) {
  start();
  const auto reply =
      ask("POST /A%2fb?Body=a+b&Body=%F0 HTTP/1.1\r\nhost: API.twilio.com:80\r\nX-B: 1\r\nx-a:2\r\n"
          "X-B:   3 \t\r\nEmpty:\r\nCoffee: caf\xc3\xa9\r\nCONTENT-length: 7\r\n\r\na=1&b\r\n");
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body,
            "POST /A%2fb?Body=a+b&Body=%F0\nhost: API.twilio.com:80\nX-B: 1\nx-a: 2\nX-B: 3\n"
            "Empty: \nCoffee: caf\xc3\xa9\nCONTENT-length: 7\n\na=1&b\r\n");
}

TEST_F(DataServerTest, SaysWhoAsks) {
  start({}, [](HttpCall call) -> Task<HttpReply> {
    HttpReply reply;
    reply.body = call.peer;
    co_return reply;
  });
  EXPECT_EQ(ask(kGet).value_or(RawReply{}).body, "127.0.0.1");
}

TEST_F(DataServerTest, SaysWhoAsksOnEveryInterface) {
  net::DataServerOptions options;
  options.address = "::";
  options.idle_time = 100ms;
  const auto here = [](HttpCall call) -> Task<HttpReply> {
    HttpReply reply;
    reply.body = call.peer;
    co_return reply;
  };
  auto server = net::DataServer::listen(threads_, options, here, nullptr, nullptr);
  if (!server) GTEST_SKIP() << "no IPv6 here: " << server.error().detail;
  server_ = *std::move(server);
  EXPECT_EQ(ask(kGet).value_or(RawReply{}).body, "127.0.0.1");
}

TEST_F(DataServerTest, WritesTheReplyAsTwiliosFrontDoes) {
  start({}, [](HttpCall) -> Task<HttpReply> {
    HttpReply reply;
    reply.status = 201;
    reply.headers = {{"Content-Type", "application/json"}, {"X-B", "1"}, {"x-a", ""}, {"X-B", "2"}};
    reply.body = "{}";
    co_return reply;
  });
  const auto reply = ask(kGet);
  ASSERT_TRUE(reply.has_value());
  const std::string date = reply->header("Date");
  EXPECT_EQ(date.size(), std::string_view("Thu, 24 Aug 2023 05:01:45 GMT").size()) << date;
  EXPECT_EQ(
      reply->head,
      "HTTP/1.1 201 CREATED\r\nContent-Type: application/json\r\nX-B: 1\r\nx-a: \r\nX-B: 2\r\n"
      "Date: " +
          date + "\r\nContent-Length: 2\r\nConnection: keep-alive");
  EXPECT_EQ(reply->body, "{}");
}

TEST_F(DataServerTest, FramesTheReplyItselfWhateverTheHandlerSays) {
  start({}, [](HttpCall) -> Task<HttpReply> {
    HttpReply reply;
    reply.headers = {{"content-length", "99"},
                     {"Transfer-Encoding", "chunked"},
                     {"Connection", "upgrade"},
                     {"Date", "Thu, 24 Aug 2023 05:01:45 GMT"}};
    reply.body = "abc";
    co_return reply;
  });
  EXPECT_EQ(ask(kGet).value_or(RawReply{}).head,
            "HTTP/1.1 200 OK\r\ncontent-length: 3\r\nDate: Thu, 24 Aug 2023 05:01:45 GMT\r\n"
            "Connection: keep-alive");
}

TEST_F(DataServerTest, KeepsTheConnectionForManyCalls) {
  start();
  RawClient client(port());
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(client.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    const auto reply = client.read_reply();
    ASSERT_TRUE(reply.has_value()) << i;
    EXPECT_EQ(reply->header("Connection"), "keep-alive");
    EXPECT_TRUE(reply->body.starts_with("GET /" + std::to_string(i) + "\n")) << reply->body;
  }
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(DataServerTest, AnswersAPipelineInOrder) {
  start();
  RawClient client(port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    const std::string body(static_cast<std::size_t>(i * 7), 'b');
    all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n";
    if (i % 3 == 0) {
      all += "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n";
    } else {
      all += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    if (i % 5 == 0) all += "\r\n";  // as old browsers did after a POST
  }
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 50; ++i) {
    const auto reply = client.read_reply();
    ASSERT_TRUE(reply.has_value()) << i;
    EXPECT_TRUE(reply->body.starts_with("POST /" + std::to_string(i) + "\n")) << reply->body;
    const std::string want = i % 3 == 0 ? "abc" : std::string(static_cast<std::size_t>(i * 7), 'b');
    EXPECT_EQ(reply->body.substr(reply->body.find("\n\n") + 2), want);
  }
  EXPECT_EQ(calls_, 50);
}

TEST_F(DataServerTest, ReadsARequestHoweverItIsCutUp) {
  start();
  RawClient client(port());
  const std::string request =
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "4;x=\"y\"\r\nabcd\r\n1\r\ne\r\n0\r\nT: 1\r\n\r\n";
  for (const char byte : request) ASSERT_TRUE(client.send(std::string_view(&byte, 1)));
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->body, "POST /a\nHost: x\nTransfer-Encoding: chunked\n\nabcde");
}

TEST_F(DataServerTest, TakesBodiesUpToTheLimit) {
  start();
  const std::string body(1 << 20, 'a');
  RawClient client(port());
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n" + body);
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).body.size(), body.size() + 41);
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n" + body +
              "\r\n0\r\n\r\n");
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).body.size(), body.size() + 44);
}

TEST_F(DataServerTest, TakesHeadsUpToTheLimit) {
  start();
  const std::string start_of = "GET /" + std::string(8000, 'a') + " HTTP/1.1\r\nHost: x\r\nX: ";
  const std::string value(32 * 1024 - start_of.size() - 4, 'v');
  EXPECT_EQ(ask(start_of + value + "\r\n\r\n").value_or(RawReply{}).status, 200);
  EXPECT_EQ(ask(start_of + value + "v\r\n\r\n").value_or(RawReply{}).status, 431);
}

TEST_F(DataServerTest, SaysContinueWhenTheBodyIsAwaited) {
  start();
  RawClient client(port());
  client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n");
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).head, "HTTP/1.1 100 Continue");
  client.send("abc");
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, 200);
  EXPECT_TRUE(reply->body.ends_with("\n\nabc"));
}

TEST_F(DataServerTest, DoesNotSayContinueWhenTheBodyIsThereOrThereIsNone) {
  start();
  EXPECT_EQ(
      ask("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc")
          .value_or(RawReply{})
          .status,
      200);
  EXPECT_EQ(
      ask("GET / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n").value_or(RawReply{}).status,
      200);
  EXPECT_EQ(ask("POST / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc")
                .value_or(RawReply{})
                .status,
            200);
}

TEST_F(DataServerTest, AnswersHeadWithTheHeadersOfGet) {
  start();
  RawClient client(port());
  client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);
  const auto head = client.read_reply(true);
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->header("Content-Length"), "17");  // of "HEAD /a\nHost: x\n\n"
  EXPECT_EQ(head->header("Content-Type"), "text/plain");
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).body, "GET /a\nHost: x\n\n");
}

TEST_F(DataServerTest, AnswersWithoutABodyWhereTheStatusHasNone) {
  start({}, [](HttpCall call) -> Task<HttpReply> {
    HttpReply reply;
    reply.status = call.target == "/204" ? 204 : 304;
    reply.body = "must not be seen";
    co_return reply;
  });
  RawClient client(port());
  for (const std::string status : {"204", "304", "204"}) {
    client.send("DELETE /" + status + " HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto reply = client.read_reply();
    ASSERT_TRUE(reply.has_value());
    EXPECT_EQ(std::to_string(reply->status), status);
    EXPECT_EQ(reply->header("Content-Length"), "");
  }
}

TEST_F(DataServerTest, ClosesWhenAskedTo) {
  start();
  RawClient client(port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\n");
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).header("Connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST_F(DataServerTest, AnswersAClientThatHasFinishedSending) {
  start();
  RawClient client(port());
  client.send(kGet);
  client.finish_sending();
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST_F(DataServerTest, ClosesAfterAnHttp10Call) {
  start();
  RawClient client(port());
  client.send("GET /old HTTP/1.0\r\n\r\n");
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->body, "GET /old\n\n");
  EXPECT_EQ(reply->header("Connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST_F(DataServerTest, KeepsAnHttp10ConnectionThatAsksForIt) {
  start();
  RawClient client(port());
  for (int i = 0; i < 2; ++i) {
    client.send("GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(client.read_reply().value_or(RawReply{}).header("Connection"), "keep-alive");
  }
}

TEST_F(DataServerTest, TakesEveryFormOfATarget) {
  start();
  for (const std::string request :
       {"GET http://api.twilio.com/a?b HTTP/1.1", "GET HTTPS://[::1]:443/ HTTP/1.1",
        "OPTIONS * HTTP/1.1", "GET /{x}|\"y\" HTTP/1.1", "PATCH //a HTTP/1.1", "PUT /# HTTP/1.1"}) {
    const auto reply = ask(request + "\r\nHost: x_y.example:\r\n\r\n");
    ASSERT_TRUE(reply.has_value()) << request;
    EXPECT_TRUE(reply->body.starts_with(request.substr(0, request.rfind(' ')) + "\n")) << request;
  }
}

TEST_F(DataServerTest, ServesManyConnectionsAtOnce) {
  start();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 200; ++i) clients.push_back(std::make_unique<RawClient>(port()));
  for (int round = 0; round < 3; ++round) {
    for (const auto& client : clients) ASSERT_TRUE(client->send(kGet));
    for (const auto& client : clients) {
      EXPECT_EQ(client->read_reply().value_or(RawReply{}).status, 200);
    }
  }
  EXPECT_EQ(server_->connections(), 200u);
  EXPECT_EQ(calls_, 600);
}

TEST_F(DataServerTest, LogsEveryCallOnce) {
  start();
  ask("POST /x?y HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
  ASSERT_TRUE(wait_for_log(1));  // another thread may serve the next connection
  RawClient client(port());
  client.send("HEAD /z HTTP/1.1\r\nHost: x\r\n\r\n" + kGet + kGet);
  client.read_reply(true);
  client.read_reply();
  client.read_reply();
  server_->drain(10s);
  const auto entries = logged();
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[0].method + entries[0].target, "POST/x?y");
  EXPECT_EQ(entries[0].status, 200);
  EXPECT_EQ(entries[0].bytes_in, 53u);
  EXPECT_GT(entries[0].bytes_out, 100u);
  EXPECT_EQ(entries[1].method, "HEAD");
}

TEST_F(DataServerTest, LogsTheRouteThatTheHandlerNames) {
  start({}, [](HttpCall call) -> Task<HttpReply> {
    HttpReply reply;
    if (call.target == "/known") reply.route = "/{known}";
    co_return reply;
  });
  RawClient client(port());
  client.send("GET /known HTTP/1.1\r\nHost: x\r\n\r\n" + kGet + "nonsense\r\n\r\n");
  for (int i = 0; i < 3; ++i) client.read_reply();
  ASSERT_TRUE(wait_for_log(3));
  const auto entries = logged();
  EXPECT_EQ(entries[0].route, "/{known}");
  EXPECT_EQ(entries[1].route, "");
  EXPECT_EQ(entries[2].route, "");
  EXPECT_EQ(entries[2].status, 400);
}

TEST_F(DataServerTest, AnswersFiveHundredForAHandlerThatThrows) {
  start({}, [this](HttpCall call) -> Task<HttpReply> {
    if (call.target == "/throw") throw std::runtime_error("secret");
    HttpReply reply = co_await tell(std::move(call));
    co_return reply;
  });
  RawClient client(port());
  client.send("GET /throw HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, 500);
  EXPECT_EQ(reply->body.find("secret"), std::string::npos);
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 200);
}

TEST_F(DataServerTest, NeverSplitsAReply) {
  start({}, [](HttpCall call) -> Task<HttpReply> {
    HttpReply reply;
    if (call.target == "/value") reply.headers.push_back({"X", "a\r\nSet-Cookie: b"});
    if (call.target == "/lf") reply.headers.push_back({"X", "a\nb"});
    if (call.target == "/name") reply.headers.push_back({"X: 1\r\nY", "a"});
    if (call.target == "/empty") reply.headers.push_back({"", "a"});
    if (call.target == "/status") reply.status = 42;
    co_return reply;
  });
  for (const std::string target : {"/value", "/lf", "/name", "/empty", "/status"}) {
    const auto reply = ask("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(reply.has_value()) << target;
    EXPECT_EQ(reply->status, 500) << target;
    EXPECT_EQ(reply->head.find("Set-Cookie"), std::string::npos) << target;
  }
}

// Pieces handed over by the test, one by one.
class Pieces final : public wire::BodyStream {
 public:
  struct Shared {
    std::mutex mutex;
    std::deque<std::optional<std::string>> ready;
    std::shared_ptr<boost::asio::steady_timer> waiting;
    std::promise<void> destroyed;
  };
  explicit Pieces(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  ~Pieces() override { shared_->destroyed.set_value(); }

  Task<std::optional<std::string>> next() override {
    boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
    const auto timer = std::make_shared<boost::asio::steady_timer>(executor);
    timer->expires_at(boost::asio::steady_timer::time_point::max());
    while (true) {
      {
        const std::lock_guard lock(shared_->mutex);
        if (!shared_->ready.empty()) {
          auto piece = std::move(shared_->ready.front());
          shared_->ready.pop_front();
          if (piece == "throw") throw std::runtime_error("no more");
          co_return piece;
        }
        shared_->waiting = timer;
      }
      boost::system::error_code ignored;
      co_await timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
  }

 private:
  std::shared_ptr<Shared> shared_;
};

class DataServerStreams : public DataServerTest {
 protected:
  void start_streaming(wire::Headers headers = {{"Content-Type", "text/event-stream"}}) {
    start({}, [this, headers = std::move(headers)](HttpCall) -> Task<HttpReply> {
      HttpReply reply{.status = 200, .headers = headers};
      reply.body = std::make_shared<Pieces>(shared_);
      co_return reply;
    });
  }
  void give(std::optional<std::string> piece) {
    const std::lock_guard lock(shared_->mutex);
    shared_->ready.push_back(std::move(piece));
    const auto timer = std::exchange(shared_->waiting, nullptr);
    if (timer) boost::asio::post(timer->get_executor(), [timer] { timer->cancel(); });
  }
  bool is_destroyed() { return destroyed_.wait_for(10s) == std::future_status::ready; }

  std::shared_ptr<Pieces::Shared> shared_ = std::make_shared<Pieces::Shared>();
  std::future<void> destroyed_ = shared_->destroyed.get_future();
};

TEST_F(DataServerStreams, AreSentPieceByPiece) {
  start_streaming();
  RawClient client(port());
  client.send(kGet);
  for (std::optional<std::string> line = ""; line && line != "Connection: keep-alive";) {
    line = client.read_line();
    EXPECT_FALSE(line.value_or("").starts_with("Content-Length"));
  }
  EXPECT_EQ(client.read_line(), "");
  give("first");
  EXPECT_EQ(client.read_line(), "5");
  EXPECT_EQ(client.read_line(), "first");
  give("");  // nothing, which must not look like the end
  give(std::string(300, 'x'));
  EXPECT_EQ(client.read_line(), "12c");
  EXPECT_EQ(client.read_line(), std::string(300, 'x'));
  give(std::nullopt);
  EXPECT_EQ(client.read_line(), "0");
  EXPECT_EQ(client.read_line(), "");
  EXPECT_TRUE(is_destroyed());
  EXPECT_EQ(server_->connections(), 1u);
}

TEST_F(DataServerStreams, AreSentWithTheLengthTheyBring) {
  start_streaming({{"Content-LENGTH", "5"}, {"Date", "D"}});
  RawClient client(port());
  client.send(kGet);
  give("ab");
  give("");
  give("cde");
  give(std::nullopt);
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->head,
            "HTTP/1.1 200 OK\r\nContent-LENGTH: 5\r\nDate: D\r\nConnection: keep-alive");
  EXPECT_EQ(reply->body, "abcde");
  EXPECT_TRUE(is_destroyed());
  EXPECT_EQ(server_->connections(), 1u) << "the connection goes on";
}

TEST_F(DataServerStreams, AreCutOffWhereTheyAreNotOfTheirLength) {
  for (const std::string wrong : {"abcd", "abcdef"}) {
    shared_ = std::make_shared<Pieces::Shared>();
    start_streaming({{"Content-Length", "5"}});
    RawClient client(port());
    client.send(kGet);
    give(wrong);
    give(std::nullopt);
    const auto all = client.read_to_end();
    ASSERT_TRUE(all.has_value());
    EXPECT_TRUE(all->ends_with(wrong == "abcd" ? "\r\n\r\nabcd" : "\r\n\r\n")) << *all;
  }
}

TEST_F(DataServerStreams, EndWithTheConnectionForHttp10) {
  start_streaming();
  RawClient client(port());
  client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  give("a");
  give("b");
  give(std::nullopt);
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header("Connection"), "close");
  EXPECT_EQ(reply->header("Transfer-Encoding"), "");
  EXPECT_EQ(reply->body, "ab");
}

TEST_F(DataServerStreams, EndWhenTheReaderGoes) {
  start_streaming();
  RawClient client(port());
  client.send(kGet);
  EXPECT_EQ(client.read_line(), "HTTP/1.1 200 OK");
  client.close();
  EXPECT_TRUE(is_destroyed());
}

TEST_F(DataServerStreams, AreNotReadForHead) {
  start_streaming();
  RawClient client(port());
  client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto reply = client.read_reply(true);
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header("Transfer-Encoding"), "chunked");
  EXPECT_TRUE(is_destroyed());
}

TEST_F(DataServerStreams, ThatFailAreCutOffWithoutALastChunk) {
  start_streaming();
  RawClient client(port());
  client.send(kGet);
  give("first");
  give("throw");
  const auto all = client.read_to_end();
  ASSERT_TRUE(all.has_value());
  EXPECT_TRUE(all->ends_with("\r\n\r\n5\r\nfirst\r\n")) << *all;
}

TEST_F(DataServerStreams, AreCutOffByTheEndOfADrain) {
  start_streaming();
  RawClient client(port());
  client.send(kGet);
  EXPECT_EQ(client.read_line(), "HTTP/1.1 200 OK");
  server_->drain(20ms);
  EXPECT_TRUE(is_destroyed());
  EXPECT_TRUE(client.read_to_end().has_value());
  EXPECT_EQ(server_->connections(), 0u);
}

// Who is written to wakes up for it: what is ready together is worked on first, and written then.
TEST_F(DataServerTest, WritesAnswersThatAreReadyTogetherInARow) {
  Door door;
  std::vector<std::string> seen;  // by the one thread that there is
  net::IoThreads one(1);
  const auto handler = [&](HttpCall) -> Task<HttpReply> {
    co_await door.pass();
    seen.emplace_back("worked");
    co_return HttpReply{};
  };
  const auto log = [&](const wire::CallLogEntry&) { seen.emplace_back("written"); };
  auto server = net::DataServer::listen(one, {}, handler, log, nullptr);
  ASSERT_TRUE(server.has_value());
  one.run();
  RawClient first((*server)->endpoint().port);
  RawClient second((*server)->endpoint().port);
  first.send(kGet);
  second.send(kGet);
  ASSERT_TRUE(door.wait_for_arrivals(2));
  boost::asio::post(one.context(0), [&] { door.open(); });
  EXPECT_EQ(first.read_reply().value_or(RawReply{}).status, 200);
  EXPECT_EQ(second.read_reply().value_or(RawReply{}).status, 200);
  server->reset();
  one.stop();
  EXPECT_EQ(seen, (std::vector<std::string>{"worked", "worked", "written", "written"}));
}

TEST_F(DataServerTest, DrainsIdleConnectionsAtOnceAndBusyOnesWhenAnswered) {
  Door door;
  start({}, [&](HttpCall call) -> Task<HttpReply> {
    if (call.target == "/slow") {
      co_await door.pass();
    }
    HttpReply reply = co_await tell(std::move(call));
    co_return reply;
  });
  RawClient idle(port());
  idle.send(kGet);
  ASSERT_TRUE(idle.read_reply().has_value());
  RawClient fresh(port());
  RawClient busy(port());
  busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);
  ASSERT_TRUE(door.wait_for_arrivals(1));
  std::thread draining([&] { server_->drain(10s); });
  EXPECT_TRUE(idle.at_end());
  EXPECT_TRUE(fresh.at_end());
  door.open();
  const auto reply = busy.read_reply();
  EXPECT_TRUE(busy.at_end()) << "a call after the close was answered";
  busy.close();
  draining.join();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->header("Connection"), "close");
  EXPECT_EQ(server_->connections(), 0u);
  EXPECT_FALSE(RawClient(server_->endpoint().port).connected()) << "still listening";
}

TEST_F(DataServerTest, DrainClosesWhatTakesTooLong) {
  Door door;
  start({}, [&](HttpCall) -> Task<HttpReply> {
    co_await door.pass();
    co_return HttpReply{};
  });
  RawClient client(port());
  client.send(kGet);
  ASSERT_TRUE(door.wait_for_arrivals(1));
  server_->drain(20ms);
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(server_->connections(), 0u);
  door.open();
}

TEST_F(DataServerTest, RefusesAPortThatIsTaken) {
  start();
  net::DataServerOptions options;
  options.port = port();
  auto second = net::DataServer::listen(threads_, options, nullptr, nullptr, nullptr);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Errc::Unavailable);
  EXPECT_EQ(second.error().detail,
            "127.0.0.1:" + std::to_string(port()) + " is already in use by another program");
}

TEST_F(DataServerTest, RefusesAnAddressThatIsNone) {
  net::DataServerOptions options;
  options.address = "not an address";
  auto server = net::DataServer::listen(threads_, options, nullptr, nullptr, nullptr);
  ASSERT_FALSE(server.has_value());
  EXPECT_EQ(server.error().code, Errc::Unavailable);
}

TEST_F(DataServerTest, CanListenAgainOnThePortOfALastRun) {
  start();
  net::DataServerOptions options;
  options.port = port();
  RawClient client(port());
  client.send(kGet);
  ASSERT_TRUE(client.read_reply().has_value());
  server_.reset();
  start(options);
  expect_alive();
}

TEST_F(DataServerTest, TurnsAwayMoreConnectionsThanAllowed) {
  net::DataServerOptions options;
  options.idle_connections_max = 2;
  start(options);
  auto first = std::make_unique<RawClient>(port());
  first->send(kGet);
  ASSERT_TRUE(first->read_reply().has_value());
  RawClient second(port());
  second.send(kGet);
  ASSERT_TRUE(second.read_reply().has_value());
  RawClient third(port());
  EXPECT_EQ(third.read_reply().value_or(RawReply{}).status, 503);
  EXPECT_TRUE(third.at_end());
  second.send(kGet);
  EXPECT_EQ(second.read_reply().value_or(RawReply{}).status, 200);
}

TEST_F(DataServerTest, ClosesIdleConnectionsSilently) {
  net::DataServerOptions options;
  options.idle_time = 40ms;
  start(options);
  RawClient client(port());
  client.send(kGet);
  ASSERT_TRUE(client.read_reply().has_value());
  EXPECT_EQ(client.read_to_end(), "");
}

// After a quarter of its idle time a connection gives its buffer back; nobody notices.
TEST_F(DataServerTest, WakesAParkedConnection) {
  net::DataServerOptions options;
  options.idle_time = 800ms;
  start(options);
  RawClient parked(port());
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(parked.stays_silent_for(500ms));
    parked.send(kGet);
    EXPECT_EQ(parked.read_reply().value_or(RawReply{}).status, 200);
  }
  EXPECT_TRUE(parked.stays_silent_for(500ms));
  parked.finish_sending();
  EXPECT_TRUE(parked.at_end());
}

TEST_F(DataServerTest, ClosesOnAPeerThatDoesNotRead) {
  net::DataServerOptions options;
  options.write_time = 50ms;
  start(options, [](HttpCall) -> Task<HttpReply> {
    HttpReply reply;
    reply.body = std::string(64 << 20, 'x');
    co_return reply;
  });
  RawClient client(port());
  client.send(kGet);
  ASSERT_EQ(client.read_line(), "HTTP/1.1 200 OK");
  ASSERT_TRUE(wait_for_log(1));
  EXPECT_LT(logged()[0].bytes_out, std::size_t{64} << 20);
  EXPECT_LT(client.read_to_end().value_or("").size(), std::size_t{64} << 20);
}

TEST_F(DataServerTest, SendsLargeRepliesWhole) {
  start({}, [](HttpCall) -> Task<HttpReply> {
    HttpReply reply;
    reply.body = std::string(16 << 20, 'x');
    co_return reply;
  });
  EXPECT_EQ(ask(kGet).value_or(RawReply{}).body.size(), std::size_t{16} << 20);
}

TEST_F(DataServerTest, SurvivesBeingOutOfFiles) {
  start();
  expect_alive();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  RawClient client(port());  // its own descriptor; the accepted one is still to come
  client.send(kGet);
  ASSERT_TRUE(client.read_reply().has_value());
  std::vector<int> files;
  rlimit low = before;
  low.rlim_cur = 256;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  for (int file = dup(0); file >= 0; file = dup(0)) files.push_back(file);
  ::close(files.back());
  files.pop_back();
  RawClient starved(port());  // takes the last descriptor; the kernel has accepted it, we cannot
  EXPECT_TRUE(starved.connected());
  starved.send(kGet);
  client.send(kGet);  // whoever is there is served meanwhile
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 200);
  for (const int file : files) ::close(file);
  EXPECT_EQ(starved.read_reply().value_or(RawReply{}).status, 200);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST_F(DataServerTest, UnderstandsACommonClient) {
  start();
  httplib::Client client("127.0.0.1", port());
  client.set_keep_alive(true);
  for (int i = 0; i < 3; ++i) {
    const auto got = client.Get("/a?b=c");
    ASSERT_TRUE(got);
    EXPECT_TRUE(got->body.starts_with("GET /a?b=c\n"));
    const auto posted = client.Post("/p", "Body=hola", "application/x-www-form-urlencoded");
    ASSERT_TRUE(posted);
    EXPECT_TRUE(posted->body.ends_with("\n\nBody=hola"));
    const auto head = client.Head("/h");
    ASSERT_TRUE(head);
    EXPECT_EQ(head->body, "");
  }
  EXPECT_EQ(calls_, 9);
}

TEST_F(DataServerTest, LeavesNoFilesOpen) {
  start();
  expect_alive();
  server_->drain(10s);
  server_.reset();
  const std::size_t before = open_files();
  start();
  for (int i = 0; i < 20; ++i) {
    expect_alive();
    ask("BROKEN\r\n\r\n");
  }
  server_->drain(10s);
  server_.reset();
  EXPECT_EQ(open_files(), before);
}

TEST(FileLimit, IsRaisedToTheHardOne) {
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(net::raise_file_limit(), limit.rlim_max);
  rlimit after{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, limit.rlim_max);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

}  // namespace
}  // namespace twindow::test
