// SPDX-License-Identifier: Apache-2.0
// The parts of the data plane that need no socket.
#include <algorithm>
#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "twindow/net/endpoint.h"
#include "twindow/net/io_threads.h"

#include "src/net/chunk_decoder.h"
#include "src/net/head_scanner.h"
#include "src/net/reply_head.h"
#include "src/net/request_head.h"
#include "tests/support/case_name.h"

namespace twindow::net {
namespace {

using namespace std::chrono_literals;
using State = HeadScanner::State;
namespace asio = boost::asio;

const std::string kHead = "POST /a?b HTTP/1.1\r\nHost: x\r\nX: \x80 y\t\r\n\r\n";

TEST(HeadScanner, FindsTheEndHoweverTheBytesCome) {
  for (std::size_t cut = 0; cut <= kHead.size(); ++cut) {
    HeadScanner scanner(1000);
    const State first = scanner.scan(std::string_view(kHead).substr(0, cut));
    EXPECT_EQ(first, cut < kHead.size() ? State::NeedsMore : State::Complete) << cut;
    EXPECT_EQ(scanner.scan(kHead + "body"), State::Complete) << cut;
    EXPECT_EQ(scanner.head_end(), kHead.size());
    EXPECT_EQ(scanner.method(kHead), "POST");
    EXPECT_EQ(scanner.target(kHead), "/a?b");
  }
}

TEST(HeadScanner, SkipsOneEmptyLineBeforeTheRequest) {
  HeadScanner scanner(1000);
  EXPECT_EQ(scanner.scan("\r\n" + kHead), State::Complete);
  EXPECT_EQ(scanner.head_begin(), 2u);
  EXPECT_EQ(scanner.head_end(), kHead.size() + 2);
  EXPECT_EQ(scanner.target("\r\n" + kHead), "/a?b");
}

TEST(HeadScanner, RefusesAsSoonAsItCan) {
  for (const std::string bytes :
       {"\x16", "GET /\x80", "\n", "GET / HTTP/2.0\r\n", "BREW / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\n ", "GET / HTTP/1.1\r\nX: \x01", "\r\r"}) {
    HeadScanner scanner(1000);
    const bool whole_line = bytes == "GET / HTTP/1.1\r\n ";
    EXPECT_EQ(scanner.scan(bytes), whole_line ? State::NeedsMore : State::Refused) << bytes;
  }
}

// Lines are looked at by eights: a bad byte is one at every place of them.
TEST(HeadScanner, SeesABadByteWhereverItStands) {
  const auto refuses = [](const std::string& bytes) {
    HeadScanner scanner(1000);
    return scanner.scan(bytes) == State::Refused;
  };
  for (std::size_t place = 0; place < 20; ++place) {
    const auto with = [place](char byte) {
      std::string text(20, 'x');
      text[place] = byte;
      return text;
    };
    const auto line = [&](char byte) { return "GET /" + with(byte) + " HTTP/1.1\r\n"; };
    const auto header = [&](char byte) { return "GET / HTTP/1.1\r\nX: " + with(byte) + "\r\n"; };
    for (const char bad : {'\x01', '\t', '\x7f', '\x80'}) EXPECT_TRUE(refuses(line(bad))) << place;
    for (const char bad : {'\x01', '\0', '\r', '\x7f'}) EXPECT_TRUE(refuses(header(bad))) << place;
    for (const char good : {'\t', ' ', '~', '\x80'}) EXPECT_FALSE(refuses(header(good))) << place;
  }
}

TEST(HeadScanner, CountsTheBytes) {
  HeadScanner exact(kHead.size());
  EXPECT_EQ(exact.scan(kHead), State::Complete);
  HeadScanner less(kHead.size() - 1);
  EXPECT_EQ(less.scan(kHead), State::Refused);
  EXPECT_EQ(less.refusal().status, 431);
}

struct HostCase {
  const char* name;
  std::string host;
  bool good;
};

class HostHeader : public testing::TestWithParam<HostCase> {};

TEST_P(HostHeader, IsAHostAndPerhapsAPort) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: " + GetParam().host + "\r\n\r\n";
  EXPECT_EQ(parse_head(bytes, 0).has_value(), GetParam().good);
}

INSTANTIATE_TEST_SUITE_P(Table, HostHeader,
                         testing::ValuesIn(std::vector<HostCase>{
                             {"Name", "api.twilio.com", true},
                             {"NameAndPort", "localhost:4010", true},
                             {"EmptyPort", "localhost:", true},
                             {"Underscore", "twilio_mock:80", true},
                             {"Ipv4", "127.0.0.1:65535", true},
                             {"Ipv6", "[::1]:80", true},
                             {"Ipv6WithoutPort", "[2001:db8::1]", true},
                             {"Empty", "", false},
                             {"OnlyPort", ":80", false},
                             {"PortTooLarge", "x:65536", false},
                             {"PortTooLong", "x:000080", false},
                             {"TwoColons", "a:b:80", false},
                             {"Ipv6Bare", "::1", false},
                             {"Ipv6Open", "[::1", false},
                             {"Ipv6Empty", "[]", false},
                             {"Ipv6Garbage", "[::x]", false},
                             {"Ipv6Tail", "[::1]x", false},
                             {"Percent", "a%2fb", false},
                             {"Slash", "a/b", false},
                             {"Query", "a?b", false},
                             {"At", "a@b", false},
                         }),
                         test::case_name);

TEST(ParseHead, KeepsTheConnectionAsTheVersionSays) {
  const auto keeps = [](const std::string& bytes) { return parse_head(bytes, 0)->keeps_alive; };
  EXPECT_TRUE(keeps("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: x\r\nConnection: x, CLOSE\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
  EXPECT_FALSE(keeps("GET / HTTP/1.1\r\nHost: x\r\nproxy-connection:\t,close ,\r\n\r\n"));
}

TEST(ParseHead, RefusesAConnectionThatIsNoListOfNames) {
  for (const std::string value : {"a b", "close;x", "\"close\"", "x, \x80"}) {
    const auto head =
        parse_head("GET / HTTP/1.1\r\nHost: x\r\nConnection: " + value + "\r\n\r\n", 0);
    ASSERT_FALSE(head) << value;
    EXPECT_EQ(head.error().status, 400);
  }
}

TEST(ParseHead, KeepsNamesAsSentAndTrimsValues) {
  const auto head = parse_head(
      "GET /a HTTP/1.1\r\nhOST: x\r\nEmpty:\r\nBlank: \t \r\nX:\t a : b \t\r\nX: 2\r\n\r\n", 0);
  ASSERT_TRUE(head);
  const wire::Headers expected{
      {"hOST", "x"}, {"Empty", ""}, {"Blank", ""}, {"X", "a : b"}, {"X", "2"}};
  EXPECT_EQ(head->headers, expected);
}

// The scanner keeps such bytes away; still nothing is read beyond them.
TEST(ParseHead, RefusesWhatNoScannerHasSeen) {
  for (const std::string bytes : {"", "\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\n",
                                  "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n"}) {
    EXPECT_FALSE(parse_head(bytes, 0)) << bytes;
  }
}

std::string decode(const std::string& bytes, std::size_t piece, ChunkDecoder& decoder) {
  std::string body;
  std::string_view rest = bytes;
  while (!rest.empty() && !decoder.done() && !decoder.refused()) {
    rest.remove_prefix(decoder.feed(rest.substr(0, piece), body));
  }
  return body + "|" + std::string(rest);
}

TEST(ChunkDecoder, DecodesHoweverTheBytesCome) {
  const std::string bytes =
      "5\r\nhello\r\n00a;a=\"b\";c \r\n 0123\r\n567\r\n1 \t;x\r\n!\r\n000\r\nA: b\r\nC:\r\n\r\nGET";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
    ChunkDecoder decoder(100);
    EXPECT_EQ(decode(bytes, piece, decoder), "hello 0123\r\n567!|GET") << piece;
    EXPECT_TRUE(decoder.done());
  }
}

TEST(ChunkDecoder, CountsTheBody) {
  const std::string bytes = "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n";
  ChunkDecoder exact(6);
  decode(bytes, 100, exact);
  EXPECT_TRUE(exact.done());
  ChunkDecoder less(5);
  EXPECT_TRUE(decode(bytes, 100, less).starts_with("abc|"));
  EXPECT_TRUE(less.refused());
  EXPECT_EQ(less.refusal().status, 413);
}

TEST(DateText, IsAnHttpDate) {
  DateText date;
  EXPECT_EQ(date.at(Time(1692853305999ms)), "Thu, 24 Aug 2023 05:01:45 GMT");
  EXPECT_EQ(date.at(Time(1692853305000ms)), "Thu, 24 Aug 2023 05:01:45 GMT");
  EXPECT_EQ(date.at(Time(1709251199000ms)), "Thu, 29 Feb 2024 23:59:59 GMT");
  EXPECT_EQ(date.at(Time(0ms)), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(ReplyHead, TakesTheLengthOfGetForAHeadWithoutABody) {
  wire::HttpReply reply;
  reply.headers = {{"Content-Length", "1234"}};
  std::string out;
  append_reply_head(out, reply, {.to_head = true, .date = "D"});
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nDate: D\r\nConnection: keep-alive\r\n\r\n");
  reply.headers = {{"Content-Length", "12x"}};
  out.clear();
  append_reply_head(out, reply, {.to_head = true, .date = "D"});
  EXPECT_EQ(out.find("Content-Length"), std::string::npos);  // nobody knows
}

TEST(ReplyHead, PutsTheLengthWhereTheHandlerDid) {
  wire::HttpReply reply;
  reply.headers = {{"A", "b"}, {"content-length", "99"}, {"Date", "D"}, {"Content-Length", "7"}};
  reply.body = "body";
  std::string out;
  append_reply_head(out, reply, {});
  EXPECT_EQ(out,
            "HTTP/1.1 200 OK\r\nA: b\r\ncontent-length: 4\r\nDate: D\r\n"
            "Connection: keep-alive\r\n\r\n");
}

TEST(ReplyHead, KeepsTheLengthThatA304Tells) {
  wire::HttpReply reply{.status = 304};
  std::string out;
  append_reply_head(out, reply, {.date = "D"});
  EXPECT_EQ(out.find("Content-Length"), std::string::npos);
  reply.headers = {{"Content-Length", "1234"}};
  append_reply_head(out, reply, {.date = "D"});
  EXPECT_NE(out.find("Content-Length: 1234\r\n"), std::string::npos);
}

TEST(Endpoint, IsReadAndWritten) {
  for (const std::string text : {"127.0.0.1:4010", "0.0.0.0:0", "[::1]:65535", "[::]:1"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_TRUE(endpoint.has_value()) << text;
    EXPECT_EQ(to_text(*endpoint), text);
  }
  EXPECT_EQ(parse_endpoint("localhost:80").value(), (Endpoint{"127.0.0.1", 80}));
}

TEST(Endpoint, IsRefusedWithoutAnAddressOrAPort) {
  for (const std::string text : {"", ":4010", "4010", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
                                 "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "[127.0.0.1]:80",
                                 "[]:80", "example.com:80", "127.0.0.1 :80", "127.0.0.1: 80"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_FALSE(endpoint.has_value()) << text;
    EXPECT_EQ(endpoint.error().code, Errc::BadInput);
  }
}

TEST(IoThreads, GiveOneKeyAlwaysTheSameContext) {
  IoThreads threads(3);
  for (const std::string key : {"", "AC1", "AC2", "AC3"}) {
    EXPECT_EQ(threads.make_strand(key).get_inner_executor(),
              threads.make_strand(key).get_inner_executor());
  }
  EXPECT_EQ(threads.size(), 3u);
  EXPECT_EQ(&threads.next(), &threads.context(0));
  EXPECT_EQ(&threads.next(), &threads.context(1));
  EXPECT_EQ(&threads.next(), &threads.context(2));
  EXPECT_EQ(&threads.next(), &threads.context(0));
}

TEST(IoThreads, RunWhatIsPostedFromAnywhere) {
  IoThreads threads(2);
  threads.run();
  std::promise<std::thread::id> first;
  std::promise<std::thread::id> second;
  asio::post(threads.context(0), [&] { first.set_value(std::this_thread::get_id()); });
  asio::post(threads.context(1), [&] { second.set_value(std::this_thread::get_id()); });
  EXPECT_NE(first.get_future().get(), second.get_future().get());
  threads.stop();
  threads.stop();
  EXPECT_FALSE(threads.running());
}

Task<void> wait_for_ever(asio::ip::tcp::acceptor acceptor, std::shared_ptr<int> token) {
  boost::system::error_code error;
  co_await acceptor.async_wait(asio::ip::tcp::acceptor::wait_read,
                               asio::redirect_error(asio::use_awaitable, error));
  *token += 1;
}

// A frame on one context owns a socket of the other: both orders, so that no order of destruction
// could help.
TEST(IoThreads, DropPendingCoroutinesThatOwnEachOthersSockets) {
  const auto token = std::make_shared<int>(0);
  {
    IoThreads threads(2);
    for (unsigned i = 0; i < 2; ++i) {
      const asio::ip::tcp::endpoint any(asio::ip::address_v4::loopback(), 0);
      asio::ip::tcp::acceptor acceptor(threads.context(1 - i), any);
      asio::co_spawn(threads.context(i), wait_for_ever(std::move(acceptor), token), asio::detached);
    }
    threads.run();
    std::promise<void> started;
    asio::post(threads.context(0), [&] { started.set_value(); });
    started.get_future().get();
  }
  EXPECT_EQ(token.use_count(), 1);
  EXPECT_EQ(*token, 0);
}

}  // namespace
}  // namespace twindow::net
