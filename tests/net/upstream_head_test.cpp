// SPDX-License-Identifier: Apache-2.0
// What is an answer, where it ends, and what is none.
#include "src/net/upstream_head.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace twindow::net {
namespace {

using test::case_name;

struct Read {
  std::optional<AnswerHead> head = {};
  std::string refusal = {};
};

Read read(std::string bytes, bool to_head) {
  AnswerScanner scanner(1000);
  const auto found = scanner.scan(bytes);
  if (found == AnswerScanner::State::NeedsMore) return {.refusal = "needs more"};
  if (found == AnswerScanner::State::Refused) return {.refusal = std::string(scanner.refusal())};
  auto head = parse_answer_head(std::string_view(bytes).substr(0, scanner.head_end()), to_head);
  if (!head) return {.refusal = std::string(head.error())};
  return {.head = *std::move(head)};
}

struct GoodCase {
  std::string name;
  std::string bytes;
  int status;
  Framing framing;
  std::uint64_t length;
  bool keeps_alive;
  bool to_head = false;
};

class GoodAnswer : public testing::TestWithParam<GoodCase> {};

TEST_P(GoodAnswer, IsRead) {
  const GoodCase& want = GetParam();
  const Read got = read(want.bytes, want.to_head);
  ASSERT_TRUE(got.head) << got.refusal;
  EXPECT_EQ(got.head->status, want.status);
  EXPECT_EQ(got.head->framing, want.framing);
  EXPECT_EQ(got.head->length, want.length);
  EXPECT_EQ(got.head->keeps_alive, want.keeps_alive);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, GoodAnswer, testing::ValuesIn(std::vector<GoodCase>{
    {"Sized", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n", 200, Framing::Sized, 12, true},
    {"SizedNothing", "HTTP/1.1 201 CREATED\r\ncontent-length: 0\r\n\r\n", 201, Framing::Sized, 0, true},
    {"Chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n", 200, Framing::Chunked, 0, true},
    {"ToClose", "HTTP/1.1 200 OK\r\nServer: x\r\n\r\n", 200, Framing::ToClose, 0, false},
    {"NoHeaders", "HTTP/1.1 200 OK\r\n\r\n", 200, Framing::ToClose, 0, false},
    {"NoReason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, Framing::Sized, 0, true},
    {"LongReason", "HTTP/1.1 500 It broke, sorry\r\nContent-Length: 0\r\n\r\n", 500, Framing::Sized, 0, true},
    {"Closes", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: Close\r\n\r\n", 200, Framing::Sized, 1, false},
    {"ClosesAmongOthers", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: x, close\r\n\r\n", 200, Framing::Sized, 1, false},
    {"Old", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n", 200, Framing::Sized, 1, false},
    {"NoContent", "HTTP/1.1 204 NO CONTENT\r\n\r\n", 204, Framing::None, 0, true},
    {"NoContentWithLength", "HTTP/1.1 204 NO CONTENT\r\nContent-Length: 9\r\n\r\n", 204, Framing::None, 9, true},
    {"NotModified", "HTTP/1.1 304 NOT MODIFIED\r\nContent-Length: 9\r\n\r\n", 304, Framing::None, 9, true},
    {"ToHead", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", 200, Framing::None, 9, true, true},
    {"ToHeadChunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200, Framing::None, 0, true, true},
    {"ToHeadWithout", "HTTP/1.1 200 OK\r\n\r\n", 200, Framing::None, 0, true, true},
    {"Interim", "HTTP/1.1 100 Continue\r\n\r\n", 100, Framing::None, 0, true},
    {"Huge", "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n", 200, Framing::Sized, 999999999999999999, true},
    {"NonAscii", "HTTP/1.1 200 OK\r\nX: \xC3\xA9\r\nContent-Length: 0\r\n\r\n", 200, Framing::Sized, 0, true},
}), case_name);
// clang-format on

struct BadCase {
  std::string name;
  std::string bytes;
  std::string refusal;
};

class BadAnswer : public testing::TestWithParam<BadCase> {};

TEST_P(BadAnswer, IsRefused) {
  const Read got = read(GetParam().bytes, false);
  EXPECT_FALSE(got.head);
  EXPECT_THAT(got.refusal, testing::HasSubstr(GetParam().refusal));
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, BadAnswer, testing::ValuesIn(std::vector<BadCase>{
    {"TwoLengths", kOk + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "Content-Length"},
    {"TwoEqualLengths", kOk + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", "more than one Content-Length"},
    {"ListOfLengths", kOk + "Content-Length: 1, 1\r\n\r\n", "not a number"},
    {"SignedLength", kOk + "Content-Length: +1\r\n\r\n", "Content-Length"},
    {"NegativeLength", kOk + "Content-Length: -1\r\n\r\n", "Content-Length"},
    {"HexLength", kOk + "Content-Length: 0x1\r\n\r\n", "Content-Length"},
    {"EmptyLength", kOk + "Content-Length:\r\n\r\n", "Content-Length"},
    {"LengthOverflow", kOk + "Content-Length: 18446744073709551617\r\n\r\n", "Content-Length"},
    {"LengthAndChunked", kOk + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding"},
    {"ChunkedAndLength", kOk + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", "Content-Length"},
    {"GzipChunked", kOk + "Transfer-Encoding: gzip, chunked\r\n\r\n", "not 'chunked'"},
    {"ChunkedIdentity", kOk + "Transfer-Encoding: chunked, identity\r\n\r\n", "not 'chunked'"},
    {"TwoEncodings", kOk + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "not 'chunked'"},
    {"OldChunked", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0"},
    {"BareLf", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", "without CR LF"},
    {"BareLfAtTheEnd", kOk + "Content-Length: 0\r\n\n", "without CR LF"},
    {"BareCr", kOk + "X: a\rb\r\n\r\n", "control byte"},
    {"Nul", kOk + "X: a" + std::string(1, '\0') + "b\r\n\r\n", "control byte"},
    {"Folded", kOk + "X: a\r\n b\r\n\r\n", "folded"},
    {"NoColon", kOk + "Oops\r\n\r\n", "no proper name"},
    {"NoName", kOk + ": x\r\n\r\n", "no proper name"},
    {"SpaceBeforeColon", kOk + "Content-Length : 1\r\n\r\n", "no proper name"},
    {"NotHttp", "SSH-2.0-OpenSSH\r\n\r\n", "as HTTP/1.1 does"},
    {"Http2", "HTTP/2 200\r\n\r\n", "as HTTP/1.1 does"},
    {"Http12", "HTTP/1.2 200 OK\r\n\r\n", "malformed"},
    {"NoStatus", "HTTP/1.1\r\n\r\n", "malformed"},
    {"ShortStatus", "HTTP/1.1 20 OK\r\n\r\n", "malformed"},
    {"LongStatus", "HTTP/1.1 2000 OK\r\n\r\n", "malformed"},
    {"StatusZero", "HTTP/1.1 000 OK\r\n\r\n", "status"},
    {"Status600", "HTTP/1.1 600 OK\r\n\r\n", "status"},
    {"Switching", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "status"},
    {"EmptyLineFirst", "\r\nHTTP/1.1 200 OK\r\n\r\n", "empty line"},
    {"TooLong", kOk + "X: " + std::string(1000, 'x') + "\r\n\r\n", "too long"},
    {"TooLongWithoutEnd", std::string(1001, 'x'), "too long"},
    {"Unfinished", kOk + "Content-Length: 0\r\n", "needs more"},
}), case_name);
// clang-format on

TEST(AnswerHeads, KeepOrderCaseAndRepetitions) {
  const Read got = read(
      "HTTP/1.1 200 OK\r\nset-Cookie: a\r\nX-B:  spaced \r\nContent-Length: 0\r\nset-Cookie: b\r\n"
      "\r\n",
      false);
  ASSERT_TRUE(got.head) << got.refusal;
  EXPECT_THAT(
      got.head->headers,
      testing::ElementsAre(wire::Header{"set-Cookie", "a"}, wire::Header{"X-B", "spaced"},
                           wire::Header{"Content-Length", "0"}, wire::Header{"set-Cookie", "b"}));
}

TEST(AnswerHeads, AreFoundInPieces) {
  const std::string bytes = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nrest";
  AnswerScanner scanner(1000);
  for (std::size_t size = 1; size < 25; ++size) {
    ASSERT_EQ(scanner.scan(bytes.substr(0, size)), AnswerScanner::State::NeedsMore) << size;
  }
  EXPECT_EQ(scanner.scan(bytes), AnswerScanner::State::Complete);
  EXPECT_EQ(scanner.head_end(), 25u);
}

}  // namespace
}  // namespace twindow::net
