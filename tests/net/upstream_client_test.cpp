// SPDX-License-Identifier: Apache-2.0
// Calls to an upstream that records bytes, and answers in every way that there is.
#include <algorithm>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/raw_socket.h"
#include "tests/net/upstream_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using wire::Header;
using wire::UpstreamFault;
using wire::UpstreamReply;

using UpstreamClient = UpstreamTest;
using Fake = ScriptedUpstream;

// Every value of a byte.
std::string all_bytes() {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes.push_back(static_cast<char>(c));
  return bytes;
}

std::string chunk(const std::string& bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

void expect_failure(const UpstreamReply& reply, UpstreamFault fault, bool may_have_arrived,
                    const std::string& detail) {
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().fault, fault) << reply.error().detail;
  EXPECT_EQ(reply.error().may_have_arrived, may_have_arrived);
  EXPECT_THAT(reply.error().detail, HasSubstr(detail));
}

TEST_F(UpstreamClient, CarriesARequestAndItsAnswerByteForByte) {
  const std::string body = all_bytes();
  start_with(
      {Fake::send("HTTP/1.1 201 CREATED\r\nDate: today\r\nX-a: 1\r\nx-A: 2\r\n"
                  "Content-Length: 256\r\nSet-Cookie: c\r\n\r\n" +
                  body)});
  const auto reply = exchange(post(body));
  ASSERT_TRUE(reply) << reply.error().detail;
  EXPECT_EQ(reply->status, 201);
  EXPECT_THAT(reply->headers,
              ElementsAre(Header{"Date", "today"}, Header{"X-a", "1"}, Header{"x-A", "2"},
                          Header{"Content-Length", "256"}, Header{"Set-Cookie", "c"}));
  EXPECT_EQ(read(*reply).bytes, body);
  const auto seen = upstream_->requests();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].head,
            "POST /2010-04-01/Accounts/AC0/Messages.json HTTP/1.1\r\n"
            "Host: api.twilio.com\r\nContent-Length: 256\r\n\r\n");
  EXPECT_EQ(seen[0].body, body);
}

TEST_F(UpstreamClient, CarriesALargeRequestBody) {
  start_with({Fake::send(Fake::ok("fine"))});
  const std::string body(1024 * 1024, 'b');
  const auto reply = exchange(post(body));
  ASSERT_TRUE(reply) << reply.error().detail;
  EXPECT_EQ(upstream_->requests().at(0).body, body);
}

struct AnswerCase {
  std::string name;
  std::string bytes;
  int status;
  std::string body;
  bool closes = false;
  std::string method = "GET";
};

class UpstreamAnswer : public UpstreamTest, public testing::WithParamInterface<AnswerCase> {
 protected:
  void expect(std::vector<Step> steps) {
    const AnswerCase& want = GetParam();
    if (want.closes) steps.push_back(Fake::close());
    start_with(std::move(steps));
    for (int n = 0; n < 2; ++n) {
      auto call = get();
      call.method = want.method;
      const auto reply = exchange(std::move(call));
      ASSERT_TRUE(reply) << reply.error().detail;
      EXPECT_EQ(reply->status, want.status);
      const Body body = read(*reply);
      EXPECT_FALSE(body.broke);
      EXPECT_EQ(body.bytes, want.body);
    }
  }
};

TEST_P(UpstreamAnswer, IsReadInOnePiece) { expect({Fake::send(GetParam().bytes)}); }
TEST_P(UpstreamAnswer, IsReadByteByByte) { expect({Fake::send_each(GetParam().bytes)}); }

const std::string kChunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

INSTANTIATE_TEST_SUITE_P(
    Table, UpstreamAnswer,
    testing::ValuesIn(std::vector<AnswerCase>{
        {"Sized", Fake::ok("hello"), 200, "hello"},
        {"Empty", Fake::ok(""), 200, ""},
        {"Binary", Fake::ok(all_bytes()), 200, all_bytes()},
        {"Chunked", kChunkedHead + chunk("one ") + chunk("two") + "0\r\n\r\n", 200, "one two"},
        {"ChunkedWithTrailers", kChunkedHead + "3;x=y\r\none\r\n0\r\nX-T: 1\r\n\r\n", 200, "one"},
        {"ChunkedNothing", kChunkedHead + "0\r\n\r\n", 200, ""},
        {"ToTheClose", "HTTP/1.1 200 OK\r\nServer: old\r\n\r\nall there is", 200, "all there is",
         true},
        {"Http10", "HTTP/1.0 200 OK\r\n\r\nold", 200, "old", true},
        {"NoContent", "HTTP/1.1 204 NO CONTENT\r\n\r\n", 204, ""},
        {"NotModified", "HTTP/1.1 304 NOT MODIFIED\r\nContent-Length: 5\r\n\r\n", 304, ""},
        {"Continue",
         "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + Fake::ok("then"),
         200, "then"},
        {"Head", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, "", false, "HEAD"},
    }),
    case_name);

TEST_F(UpstreamClient, LeavesOutTheAnswersHeadersOfOneHop) {
  start_with(
      {Fake::send("HTTP/1.1 200 OK\r\nConnection: X-Mine\r\nX-Mine: 1\r\nKeep-Alive: t\r\n"
                  "Transfer-Encoding: chunked\r\nETag: e\r\n\r\n0\r\n\r\n")});
  const auto reply = exchange(get());
  ASSERT_TRUE(reply);
  EXPECT_THAT(reply->headers, ElementsAre(Header{"ETag", "e"}));
}

TEST_F(UpstreamClient, KeepsTheLengthOfAnAnswerToHead) {
  start_with({Fake::send("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n")});
  auto call = get();
  call.method = "HEAD";
  const auto reply = exchange(std::move(call));
  ASSERT_TRUE(reply);
  EXPECT_THAT(reply->headers, ElementsAre(Header{"Content-Length", "12345"}));
}

// Large bodies.

TEST_F(UpstreamClient, StreamsALargeBodyAndKeepsItsConnection) {
  std::string body(3 * 1024 * 1024, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 >> 3);
  start_with({Fake::send(Fake::ok(body))});
  for (int n = 0; n < 2; ++n) {
    // On one thread, so that the second finds the connection of the first.
    auto reply = result_of(begin_on_strand(get()));
    ASSERT_TRUE(reply);
    EXPECT_THAT(reply->headers, ElementsAre(Header{"Content-Length", std::to_string(body.size())}));
    const Body got = read(*reply);
    EXPECT_TRUE(got.streamed);
    EXPECT_GT(got.pieces, 10);
    EXPECT_TRUE(got.bytes == body);
  }
}

TEST_F(UpstreamClient, StreamsManyChunks) {
  std::string bytes = kChunkedHead;
  std::string body;
  for (int n = 0; n < 3000; ++n) {
    const std::string piece(static_cast<std::size_t>(n % 97 + 1), static_cast<char>('a' + n % 26));
    bytes += chunk(piece);
    body += piece;
  }
  start_with({Fake::send(bytes + "0\r\n\r\n")});
  const auto reply = exchange(get());
  ASSERT_TRUE(reply);
  EXPECT_TRUE(read(*reply).bytes == body);
}

TEST_F(UpstreamClient, DoesNotReadFasterThanItsReader) {
  const std::string body(64 * 1024 * 1024, 'x');
  start_with({Fake::send(Fake::ok(body)), Fake::hold()});
  auto reply = exchange(get());
  ASSERT_TRUE(reply);
  ASSERT_TRUE(next_of(*reply));
  // The upstream cannot have written all of it: it has not come to its hold.
  EXPECT_EQ(upstream_->requests().size(), 1u);
  EXPECT_FALSE(upstream_->holds_now());
  EXPECT_EQ(read(*reply).bytes.size() > body.size() / 2, true);
  EXPECT_TRUE(upstream_->wait_for_holds(1));
}

TEST_F(UpstreamClient, ClosesTheConnectionOfABodyThatNobodyReads) {
  start_with({Fake::send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nabc"), Fake::hold()});
  {
    const auto reply = exchange(get());
    ASSERT_TRUE(reply);
    EXPECT_EQ(next_of(*reply), "abc");
    ASSERT_TRUE(upstream_->wait_for_holds(1));
    upstream_->release();
  }
  EXPECT_TRUE(upstream_->wait_for_open(0));
}

TEST_F(UpstreamClient, EndsAStreamThatBreaksOffWithAnException) {
  for (const bool chunked : {false, true}) {
    const std::string head =
        chunked ? kChunkedHead + "fffff\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
    start_with({Fake::send(head + "abc"), Fake::hold(), Fake::close()});
    const auto reply = exchange(get());
    ASSERT_TRUE(reply) << reply.error().detail;
    upstream_->release();
    const Body body = read(*reply);
    EXPECT_EQ(body.bytes, "abc");
    EXPECT_TRUE(body.broke);
  }
}

TEST_F(UpstreamClient, EndsAStreamThatStallsWithAnException) {
  start_with({Fake::send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nabc"), Fake::hold()},
             {.gap_time = 30ms});
  const auto reply = exchange(get());
  ASSERT_TRUE(reply);
  EXPECT_TRUE(read(*reply).broke);
}

TEST_F(UpstreamClient, RefusesAStreamOfBadChunks) {
  start_with({Fake::send(kChunkedHead + chunk("abc")), Fake::hold(), Fake::send("zz\r\n")});
  const auto reply = exchange(get());
  ASSERT_TRUE(reply);
  ASSERT_TRUE(upstream_->wait_for_holds(1));
  upstream_->release();
  const Body body = read(*reply);
  EXPECT_EQ(body.bytes, "abc");
  EXPECT_TRUE(body.broke);
}

// No answer.

TEST_F(UpstreamClient, SaysThatNobodyIsThere) {
  std::uint16_t port = 0;
  {
    const RawListener gone;
    port = gone.port();
  }
  connect_to({.tls = false, .host = "127.0.0.1", .port = port});
  expect_failure(exchange(post()), UpstreamFault::NotConnected, false, "refused");
}

TEST_F(UpstreamClient, SaysThatANameIsUnknown) {
  // No label may be that long, so nobody is asked.
  const std::string name = std::string(70, 'x') + ".invalid";
  connect_to({.tls = false, .host = name, .port = 80}, {.connect_time = 10s});
  expect_failure(exchange(post()), UpstreamFault::NotConnected, false, "is not known");
}

TEST_F(UpstreamClient, SaysThatNoConnectionCameInTime) {
  const RawListener full(0);
  // The kernel takes the connection; nobody answers its TLS.
  connect_to({.tls = true, .host = "127.0.0.1", .port = full.port()}, {.connect_time = 60ms});
  expect_failure(exchange(post()), UpstreamFault::NotConnected, false, "within 60 ms");
}

TEST_F(UpstreamClient, SaysThatNoAnswerCameInTime) {
  start_with({Fake::hold()}, {.answer_time = 40ms});
  expect_failure(exchange(post()), UpstreamFault::Late, true, "no answer in time");
  EXPECT_TRUE(upstream_->wait_for_requests(1));
  EXPECT_EQ(upstream_->requests().size(), 1u);
}

TEST_F(UpstreamClient, SaysThatAnAnswerCameToAHalt) {
  start_with({Fake::send("HTTP/1.1 200 OK\r\nContent-Le"), Fake::hold()}, {.answer_time = 40ms});
  expect_failure(exchange(get()), UpstreamFault::Late, true, "in time");
}

TEST_F(UpstreamClient, SaysThatTheConnectionBroke) {
  for (const bool reset : {false, true}) {
    start_with({reset ? Fake::reset() : Fake::close()});
    expect_failure(exchange(post()), UpstreamFault::Broken, true, "without an answer");
    EXPECT_EQ(upstream_->requests().size(), 1u);
    start_with({Fake::send("HTTP/1.1 200 OK\r\n"), reset ? Fake::reset() : Fake::close()});
    expect_failure(exchange(get()), UpstreamFault::Broken, true, "middle of the answer");
    EXPECT_EQ(upstream_->requests().size(), 1u);
    start_with({Fake::send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
                reset ? Fake::reset() : Fake::close()});
    expect_failure(exchange(get()), UpstreamFault::Broken, true, "middle of the answer");
    EXPECT_EQ(upstream_->requests().size(), 1u);
  }
}

TEST_F(UpstreamClient, SaysThatItIsNoAnswer) {
  for (const std::string bytes :
       {"SSH-2.0-OpenSSH\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    start_with({Fake::send(bytes), Fake::hold()});
    expect_failure(exchange(post()), UpstreamFault::Malformed, true, "127.0.0.1: ");
    EXPECT_EQ(upstream_->requests().size(), 1u);
  }
  start_with({Fake::send("HTTP/1.1 200 OK\r\nX: " + std::string(70000, 'x')), Fake::hold()});
  expect_failure(exchange(post()), UpstreamFault::Malformed, true, "too long");
  std::string interim;
  for (int n = 0; n < 40; ++n) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  start_with({Fake::send(interim), Fake::hold()});
  expect_failure(exchange(post()), UpstreamFault::Malformed, true, "interim");
}

TEST_F(UpstreamClient, TakesTheAnswerOfAServerThatReadsNoFurther) {
  // The head alone ends the request for this one; then it closes.
  RawListener listener;
  connect_to({.tls = false, .host = "127.0.0.1", .port = listener.port()});
  auto reply = begin(post(std::string(900 * 1024, 'b')));
  {
    RawSocket socket = listener.accept();
    socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig");
  }  // closes with most of the body unread, which is a reset
  const auto got = result_of(std::move(reply));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->status, 413);
}

// Kept connections.

TEST_F(UpstreamClient, KeepsItsConnections) {
  start_with({Fake::send(Fake::ok("x"))});
  for (int n = 0; n < 20; ++n) ASSERT_TRUE(exchange(n % 2 == 0 ? get() : post()));
  const auto seen = upstream_->requests();
  ASSERT_EQ(seen.size(), 20u);
  const auto most = std::ranges::max_element(seen, {}, &Request::connection);
  EXPECT_LE(most->connection, 2) << "one of each thread";
}

TEST_F(UpstreamClient, KeepsNoneThatWasToldToEnd) {
  start_with({Fake::send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")});
  for (int n = 1; n <= 4; ++n) {
    ASSERT_TRUE(exchange(post()));
    EXPECT_EQ(upstream_->requests().back().connection, n);
  }
  EXPECT_TRUE(upstream_->wait_for_open(0));
}

TEST_F(UpstreamClient, KeepsNoneWithMoreBytesThanWereAskedFor) {
  start_with({Fake::send(Fake::ok("x") + Fake::ok("smuggled"))});
  for (int n = 1; n <= 4; ++n) {
    const auto reply = exchange(get());
    ASSERT_TRUE(reply);
    EXPECT_EQ(read(*reply).bytes, "x");
    EXPECT_EQ(upstream_->requests().back().connection, n);
  }
}

TEST_F(UpstreamClient, ClosesThemAfterSomeSilence) {
  start_with({Fake::send(Fake::ok("x"))}, {.idle_time = 40ms});
  ASSERT_TRUE(exchange(get()));
  EXPECT_TRUE(upstream_->wait_for_open(0));
}

TEST_F(UpstreamClient, KeepsAsManyAsItMay) {
  start_with({Fake::hold(), Fake::send(Fake::ok("x"))}, {.idle_max = 1});
  std::vector<std::future<UpstreamReply>> replies;
  for (int n = 0; n < 10; ++n) replies.push_back(begin(get()));
  ASSERT_TRUE(upstream_->wait_for_holds(10));
  upstream_->release();
  for (auto& reply : replies) EXPECT_TRUE(result_of(std::move(reply)));
  EXPECT_TRUE(upstream_->wait_for_open(2)) << "one of each thread";
}

TEST_F(UpstreamClient, PostsToAFreshOneWhenTheKeptOneWasClosed) {
  start_with({Fake::send(Fake::ok("x"))});
  for (int n = 0; n < 5; ++n) {
    ASSERT_TRUE(exchange(post()));
    ASSERT_TRUE(exchange(post()));
    upstream_->close_idle();
    ASSERT_TRUE(upstream_->wait_for_open(0));
  }
  EXPECT_EQ(upstream_->requests().size(), 10u) << "each exactly once";
}

// The second request on a connection ends it without a word.
std::vector<ScriptedUpstream::Step> dies_at_the_second(const ScriptedUpstream::Request& request,
                                                       std::map<int, int>& seen) {
  if (++seen[request.connection] > 1) return {Fake::close()};
  return {Fake::send(Fake::ok("x"))};
}

TEST_F(UpstreamClient, GetsAgainOnAFreshOneWhenAKeptOneDies) {
  std::map<int, int> seen;
  start([&](const Request& request) { return dies_at_the_second(request, seen); });
  for (int n = 0; n < 12; ++n) ASSERT_TRUE(exchange(get()));
  upstream_.reset();
}

TEST_F(UpstreamClient, NeverPostsAgainWhenAKeptOneDies) {
  std::map<int, int> seen;
  start([&](const Request& request) { return dies_at_the_second(request, seen); });
  int failed = 0;
  for (int n = 0; n < 12; ++n) {
    const auto reply = exchange(post());
    if (reply) continue;
    ++failed;
    expect_failure(reply, UpstreamFault::Broken, true, "without an answer");
  }
  EXPECT_EQ(upstream_->requests().size(), 12u);
  EXPECT_EQ(failed, 6);
  upstream_.reset();
}

TEST_F(UpstreamClient, GetsNoSecondTimeFromAFreshOne) {
  start_with({Fake::close()});
  EXPECT_FALSE(exchange(get()));
  EXPECT_EQ(upstream_->requests().size(), 1u);
}

// Many.

TEST_F(UpstreamClient, WaitsForThousandsWithoutThreads) {
  constexpr int kCalls = 2000;
  start_with({Fake::hold(), Fake::send(Fake::ok("late"))}, {.connect_time = 20s});
  const auto threads = [] {
    std::ifstream status("/proc/self/status");
    std::string word;
    int count = 0;
    while (status >> word && word != "Threads:") {
    }
    status >> count;
    return count;
  };
  const int before = threads();
  std::vector<std::future<UpstreamReply>> replies;
  for (int n = 0; n < kCalls; ++n) replies.push_back(begin(post()));
  ASSERT_TRUE(upstream_->wait_for_holds(kCalls));
  EXPECT_LE(threads(), before + 2);
  upstream_->release();
  int good = 0;
  for (auto& reply : replies) good += result_of(std::move(reply)).has_value() ? 1 : 0;
  EXPECT_EQ(good, kCalls);
}

TEST_F(UpstreamClient, AsksForANameOnceForAll) {
  start_with({Fake::send(Fake::ok("x"))});
  connect_to({.tls = false, .host = "localhost", .port = upstream_->port()});
  std::vector<std::future<UpstreamReply>> replies;
  for (int n = 0; n < 200; ++n) replies.push_back(begin(get()));
  for (auto& reply : replies) EXPECT_TRUE(result_of(std::move(reply)));
}

TEST_F(UpstreamClient, MayEndWhileCallsAreUnderWay) {
  start_with({Fake::send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc"), Fake::hold()});
  auto waiting = begin(post());
  const auto streaming = result_of(std::move(waiting));
  ASSERT_TRUE(streaming);
  auto held = begin_on_strand(get());
  ASSERT_TRUE(upstream_->wait_for_holds(2));
  client_.reset();
  threads_.stop();
}

}  // namespace
}  // namespace twindow::test
