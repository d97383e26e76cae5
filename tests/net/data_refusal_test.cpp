// SPDX-License-Identifier: Apache-2.0
// What a request must not be: each row is sent on a connection of its own, must be refused (or the
// connection closed) without a handler call, and must leave the server as well as before.
#include <gtest/gtest.h>

#include "tests/net/data_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

constexpr int kClosed = 0;  // no answer at all

enum class Then { Wait, FinishSending };

struct BadRequest {
  const char* name;
  std::string bytes;
  int status;
  Then then = Then::Wait;
};

void PrintTo(const BadRequest& request, std::ostream* out) { *out << request.name; }

std::string get(const std::string& headers) {
  return "GET /a HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

std::string post(const std::string& headers, const std::string& body) {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

std::string chunked(const std::string& body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

std::string line(const std::string& request_line) { return request_line + "\r\nHost: x\r\n\r\n"; }

std::string host(const std::string& value) {
  return "GET /a HTTP/1.1\r\nHost: " + value + "\r\n\r\n";
}

std::string many_headers(int count) {
  std::string headers;
  for (int i = 0; i < count; ++i) headers += "X-" + std::to_string(i) + ": 1\r\n";
  return headers;
}

std::vector<BadRequest> request_lines() {
  return {
      {"OnlyLineEnds", "\r\n\r\n\r\n\r\n", 400},
      {"LeadingGarbage", "\x01\x02GET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"LeadingSpace", line(" GET / HTTP/1.1"), 400},
      {"TlsClientHello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
      {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"Http09", "GET /\r\n", 400},
      {"Http12", line("GET / HTTP/1.2"), 505},
      {"Http30", line("GET / HTTP/3.0"), 505},
      {"Http00", line("GET / HTTP/0.0"), 505},
      {"Http010", line("GET / HTTP/01.0"), 400},
      {"LowerCaseVersion", line("GET / http/1.1"), 400},
      {"NoVersionNumber", line("GET / HTTP/"), 400},
      {"OtherProtocol", line("GET / RTSP/1.1"), 400},
      {"SpaceAfterVersion", line("GET / HTTP/1.1 "), 400},
      {"TwoSpaces", line("GET  / HTTP/1.1"), 400},
      {"SpaceInTarget", line("GET /a b HTTP/1.1"), 400},
      {"TabsForSpaces", line("GET\t/\tHTTP/1.1"), 400},
      {"NoTarget", line("GET HTTP/1.1"), 400},
      {"OnlyOneWord", line("GET"), 400},
      {"TargetWithoutSlash", line("GET a HTTP/1.1"), 400},
      {"StarForGet", line("GET * HTTP/1.1"), 400},
      {"AbsoluteWithoutHost", line("GET http:///a HTTP/1.1"), 400},
      {"AbsoluteWithUserinfo", line("GET http://u:p@x/a HTTP/1.1"), 400},
      {"AbsoluteOfOtherScheme", line("GET ftp://x/a HTTP/1.1"), 400},
      {"NulInTarget", "GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n"s, 400},
      {"TabInTarget", line("GET /a\tb HTTP/1.1"), 400},
      {"DelInTarget", line("GET /a\x7f HTTP/1.1"), 400},
      {"NonAsciiTarget", line("GET /caf\xc3\xa9 HTTP/1.1"), 400},
      {"BareCrInTarget", line("GET /a\rb HTTP/1.1"), 400},
      {"BareLfAfterRequestLine", "GET / HTTP/1.1\nHost: x\r\n\r\n", 400},
      {"ConnectMethod", line("CONNECT x:443 HTTP/1.1"), 405},
      {"TraceMethod", line("TRACE / HTTP/1.1"), 405},
      {"UnknownMethod", line("BREW / HTTP/1.1"), 501},
      {"LowerCaseMethod", line("get / HTTP/1.1"), 501},
      {"VeryLongMethod", line(std::string(4000, 'A') + " / HTTP/1.1"), 501},
      {"MethodIsNoToken", line("G(T / HTTP/1.1"), 400},
      {"RequestLineOf9K", line("GET /" + std::string(9 * 1024, 'a') + " HTTP/1.1"), 414},
      {"RequestLineWithoutEnd", "GET /" + std::string(40 * 1024, 'a'), 414},
  };
}

std::vector<BadRequest> headers() {
  return {
      {"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
      {"TwoHosts", host("x\r\nHost: y"), 400},
      {"TwoEqualHosts", host("x\r\nhost: x"), 400},
      {"EmptyHost", host(""), 400},
      {"HostWithPath", host("x/a"), 400},
      {"HostWithUserinfo", host("u@x"), 400},
      {"HostWithSpace", host("x y"), 400},
      {"HostWithComma", host("x, y"), 400},
      {"HostWithBadPort", host("x:80a"), 400},
      {"HostWithHugePort", host("x:65536"), 400},
      {"HostOpenBracket", host("[::1"), 400},
      {"Http10EmptyHost", "GET / HTTP/1.0\r\nHost:\r\n\r\n", 400},
      {"HeaderWithoutColon", get("Nonsense\r\n"), 400},
      {"EmptyHeaderName", get(": 1\r\n"), 400},
      {"SpaceBeforeColon", get("Content-Length : 0\r\n"), 400},
      {"SpaceInName", get("X Y: 1\r\n"), 400},
      {"NonAsciiName", get("X\xc3\xa9: 1\r\n"), 400},
      {"ObsFold", get("X: 1\r\n 2\r\n"), 400},
      {"ObsFoldWithTab", get("X: 1\r\n\t2\r\n"), 400},
      {"ObsFoldOfTransferEncoding", get("Transfer-Encoding:\r\n chunked\r\n"), 400},
      {"FirstHeaderIndented", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
      {"NulInName", get("X\0Y: 1\r\n"s), 400},
      {"NulInValue", get("X: 1\0\r\n"s), 400},
      {"BellInValue", get("X: \a\r\n"), 400},
      {"DelInValue", get("X: \x7f\r\n"), 400},
      {"BareCrInValue", get("X: a\rb\r\n"), 400},
      {"BareLfInHeaders", get("X: a\nY: b\r\n"), 400},
      {"BareLfEnd", "GET / HTTP/1.1\r\nHost: x\r\n\n", 400},
      {"BareCrEnd", "GET / HTTP/1.1\r\nHost: x\r\n\rX", 400},
      {"HeadOf33K", get("X: " + std::string(33 * 1024, 'a') + "\r\n"), 431},
      {"HeaderWithoutEnd", "GET / HTTP/1.1\r\nX: " + std::string(40 * 1024, 'a'), 431},
      {"TooManyHeaders", get(many_headers(100)), 431},
      {"OtherExpectation", post("Content-Length: 1\r\nExpect: 200-ok\r\n", "a"), 417},
      {"MalformedConnection", get("Connection: a b\r\n"), 400},
  };
}

std::vector<BadRequest> framing() {
  const std::string smuggled = "0\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n";
  return {
      {"LengthThenEncoding", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", smuggled),
       400},
      {"EncodingThenLength", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", smuggled),
       400},
      {"TwoLengths", post("Content-Length: 1\r\nContent-Length: 2\r\n", "ab"), 400},
      {"TwoEqualLengths", post("Content-Length: 2\r\ncontent-length: 2\r\n", "ab"), 400},
      {"LengthList", post("Content-Length: 2, 2\r\n", "ab"), 400},
      {"LengthWithPlus", post("Content-Length: +1\r\n", "a"), 400},
      {"LengthWithLetter", post("Content-Length: 3x\r\n", "abc"), 400},
      {"NegativeLength", post("Content-Length: -1\r\n", "a"), 400},
      {"EmptyLength", post("Content-Length:\r\n", "a"), 400},
      {"HexLength", post("Content-Length: 0x1\r\n", "a"), 400},
      {"FractionLength", post("Content-Length: 1.0\r\n", "a"), 400},
      {"LengthBeyond64Bits", post("Content-Length: 99999999999999999999\r\n", "a"), 400},
      {"LengthOf64Bits", post("Content-Length: 18446744073709551615\r\n", "a"), 413},
      {"LengthOf2M", post("Content-Length: 2097152\r\n", std::string(2 << 20, 'a')), 413},
      {"LengthOneTooMany", post("Content-Length: 1048577\r\nExpect: 100-continue\r\n", ""), 413},
      {"EncodingGzip", post("Transfer-Encoding: gzip\r\n", smuggled), 400},
      {"EncodingGzipChunked", post("Transfer-Encoding: gzip, chunked\r\n", smuggled), 400},
      {"EncodingChunkedIdentity", post("Transfer-Encoding: chunked, identity\r\n", smuggled), 400},
      {"EncodingIdentity", post("Transfer-Encoding: identity\r\n", smuggled), 400},
      {"EncodingEmpty", post("Transfer-Encoding:\r\n", smuggled), 400},
      {"EncodingTwice",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", smuggled), 400},
      {"EncodingThenOther",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", smuggled), 400},
      {"EncodingChunkedTwice", post("Transfer-Encoding: chunked, chunked\r\n", smuggled), 400},
      {"EncodingTrailingSpace", post("Transfer-Encoding: chunked \r\n", smuggled), 400},
      {"EncodingTrailingTab", post("Transfer-Encoding: chunked\t\r\n", smuggled), 400},
      {"EncodingTrailingComma", post("Transfer-Encoding: chunked,\r\n", smuggled), 400},
      {"EncodingWithParameter", post("Transfer-Encoding: chunked;q=1\r\n", smuggled), 400},
      {"EncodingQuoted", post("Transfer-Encoding: \"chunked\"\r\n", smuggled), 400},
      {"EncodingVerticalTab",
       post("Transfer-Encoding: \x0b"
            "chunked\r\n",
            smuggled),
       400},
      {"EncodingXchunked", post("Transfer-Encoding: xchunked\r\n", smuggled), 400},
      {"EncodingInHttp10",
       "POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + smuggled, 400},
      {"ChunkSizeNotHex", chunked("g\r\nabc\r\n0\r\n\r\n"), 400},
      {"ChunkSizeEmpty", chunked("\r\nabc\r\n0\r\n\r\n"), 400},
      {"ChunkSizeNegative", chunked("-1\r\nabc\r\n0\r\n\r\n"), 400},
      {"ChunkSizeWithPlus", chunked("+1\r\na\r\n0\r\n\r\n"), 400},
      {"ChunkSizeWith0x", chunked("0x1\r\na\r\n0\r\n\r\n"), 400},
      {"ChunkSizeWithSpaceBefore", chunked(" 1\r\na\r\n0\r\n\r\n"), 400},
      {"ChunkSizeWithSpaceAfter", chunked("1 \r\na\r\n0\r\n\r\n"), 400},
      {"ChunkSizeBeyond64Bits", chunked("10000000000000000\r\na\r\n0\r\n\r\n"), 400},
      {"ChunkSizeOf64Bits", chunked("ffffffffffffffff\r\na\r\n0\r\n\r\n"), 413},
      {"ChunkSumTooLarge", chunked("80000\r\n" + std::string(0x80000, 'a') + "\r\n80001\r\n"), 413},
      {"ChunkWithoutLineEnd", chunked("1\r\nab\r\n0\r\n\r\n"), 400},
      {"ChunkWithBareLf", chunked("1\na\r\n0\r\n\r\n"), 400},
      {"ChunkWithBareCr", chunked("1\rXa\r\n0\r\n\r\n"), 400},
      {"ChunkDataEndsWithLf", chunked("1\r\na\n0\r\n\r\n"), 400},
      {"ChunkDataEndsWithCr", chunked("1\r\na\r0\r\n\r\n"), 400},
      {"ChunkExtensionWithNul", chunked("1;a\0b\r\na\r\n0\r\n\r\n"s), 400},
      {"ChunkExtensionWithLf", chunked("1;a\nb\r\na\r\n0\r\n\r\n"), 400},
      {"ChunkExtensionsTooLong", chunked("1;" + std::string(20'000, 'a') + "\r\na\r\n"), 431},
      {"TrailerWithoutName", chunked("0\r\n: a\r\n\r\n"), 400},
      {"TrailerFolded", chunked("0\r\nA: b\r\n c\r\n\r\n"), 400},
      {"TrailerWithNul", chunked("0\r\nA: \0\r\n\r\n"s), 400},
      {"TrailerWithBareLf", chunked("0\r\nA: b\n\r\n"), 400},
      {"EndWithBareCr", chunked("0\r\n\rX"), 400},
  };
}

std::vector<BadRequest> endings() {
  return {
      {"NothingAndGone", "", kClosed, Then::FinishSending},
      {"HalfALine", "GET / HT", kClosed, Then::FinishSending},
      {"HalfAHead", "GET / HTTP/1.1\r\nHost: x\r\n", kClosed, Then::FinishSending},
      {"HalfABody", post("Content-Length: 10\r\n", "abc"), kClosed, Then::FinishSending},
      {"HalfAChunk", chunked("5\r\nab"), kClosed, Then::FinishSending},
      {"NoLastChunk", chunked("2\r\nab\r\n"), kClosed, Then::FinishSending},
      {"NoEndOfTrailer", chunked("0\r\nA: b\r\n"), kClosed, Then::FinishSending},
      {"NothingForTooLong", "", kClosed},
      {"OneByteForTooLong", "G", 408},
      {"SlowRequestLine", "GET / HT", 408},
      {"SlowHead", "GET / HTTP/1.1\r\nHost: x\r\n", 408},
      {"SlowBody", post("Content-Length: 10\r\n", "abc"), 408},
      {"NoBodyAtAll", post("Content-Length: 10\r\n", ""), 408},
      {"SlowChunk", chunked("5\r\nab"), 408},
      {"SlowLastChunk", chunked("2\r\nab\r\n0\r\n"), 408},
      {"OneEmptyLineOnly", "\r\n", 408},
  };
}

class DataRefusal : public DataServerTest, public testing::WithParamInterface<BadRequest> {
 protected:
  static net::DataServerOptions impatient() {
    net::DataServerOptions options;
    options.head_time = options.body_time = options.idle_time = 60ms;
    return options;
  }
  void expect_refusal();
};

void DataRefusal::expect_refusal() {
  const auto client = connect();
  client->send(GetParam().bytes);
  if (GetParam().then == Then::FinishSending) client->finish_sending();
  if (GetParam().status == kClosed) {
    EXPECT_EQ(client->read_to_end(), "");
  } else {
    const auto reply = client->read_reply();
    ASSERT_TRUE(reply.has_value()) << "closed without an answer";
    EXPECT_EQ(reply->status, GetParam().status) << reply->head << "\n" << reply->body;
    EXPECT_EQ(reply->header("Connection"), "close");
    EXPECT_FALSE(reply->body.empty());
    EXPECT_TRUE(client->at_end()) << "the connection is still open, or there is a second answer";
    ASSERT_EQ(logged().size(), 1u);
    EXPECT_EQ(logged()[0].status, GetParam().status);
  }
  EXPECT_EQ(calls_, 0);
  expect_alive();
}

TEST_P(DataRefusal, ReachesNoHandlerAndHurtsNobody) {
  start(impatient());
  expect_refusal();
}

TEST_P(DataRefusal, IsTheSameOverTls) {
  start_tls(impatient());
  expect_refusal();
}

INSTANTIATE_TEST_SUITE_P(RequestLines, DataRefusal, testing::ValuesIn(request_lines()), case_name);
INSTANTIATE_TEST_SUITE_P(Headers, DataRefusal, testing::ValuesIn(headers()), case_name);
INSTANTIATE_TEST_SUITE_P(Framing, DataRefusal, testing::ValuesIn(framing()), case_name);
INSTANTIATE_TEST_SUITE_P(Endings, DataRefusal, testing::ValuesIn(endings()), case_name);

using DataRefusalTest = DataServerTest;

// The bytes behind a refused request are never taken for a request.
TEST_F(DataRefusalTest, EndsThePipeline) {
  start();
  RawClient client(port());
  client.send(get("") + post("Content-Length: 1\r\nContent-Length: 1\r\n", "a") + get(""));
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 200);
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 400);
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(calls_, 1);
}

// The refusal comes from the length alone: no 100 Continue, no body awaited.
TEST_F(DataRefusalTest, OfTooLargeABodyComesBeforeTheBody) {
  start();
  RawClient client(port());
  client.send(post("Content-Length: 1048577\r\nExpect: 100-continue\r\n", ""));
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 413);
  EXPECT_EQ(calls_, 0);
}

TEST_F(DataRefusalTest, NamesTheAllowedMethods) {
  start();
  const auto reply = ask(line("TRACE / HTTP/1.1"));
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->header("Allow"), "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
}

TEST_F(DataRefusalTest, IsLoggedWithWhatWasUnderstood) {
  start();
  ask("GET /x?y=1 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  ASSERT_TRUE(wait_for_log(1));
  EXPECT_EQ(logged()[0].method, "GET");
  EXPECT_EQ(logged()[0].target, "/x?y=1");
  EXPECT_EQ(logged()[0].status, 400);
}

// 2 MiB are in the client's and the kernel's buffers when the server has already refused: the
// client must be able to send them all and still find the answer, not a reset.
TEST_F(DataRefusalTest, IsSeenByAClientThatSendsOn) {
  start();
  RawClient client(port());
  EXPECT_TRUE(client.send(post("Content-Length: 2097152\r\n", std::string(2 << 20, 'a'))));
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 413);
  EXPECT_TRUE(client.at_end());
}

}  // namespace
}  // namespace twindow::test
