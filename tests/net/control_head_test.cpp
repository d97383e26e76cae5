// SPDX-License-Identifier: Apache-2.0
#include "src/net/control_head.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "src/net/chunk_decoder.h"
#include "tests/support/case_name.h"

namespace {

using namespace std::string_literals;
using twindow::net::ChunkDecoder;
using twindow::net::ControlHead;
using twindow::net::parse_control_head;
using twindow::net::Refusal;

struct HeadCase {
  std::string name;
  std::string lines;  // "\n" stands for CR LF; the empty line is added
  int want;           // 0: accepted
};
void PrintTo(const HeadCase& row, std::ostream* out) { *out << row.name; }

std::string with_line_ends(const std::string& lines) {
  std::string head;
  for (const char c : lines) head += c == '\n' ? "\r\n"s : std::string(1, c);
  return head + "\r\n";
}

class HeadTable : public testing::TestWithParam<HeadCase> {};

TEST_P(HeadTable, IsReadStrictly) {
  const auto got = parse_control_head(with_line_ends(GetParam().lines));
  const auto* refusal = std::get_if<Refusal>(&got);
  EXPECT_EQ(refusal ? refusal->status : 0, GetParam().want)
      << (refusal ? refusal->detail : std::string_view());
}

std::string many_lines(int count) {
  std::string lines = "GET / HTTP/1.1\nHost: h\n";
  for (int n = 0; n < count; ++n) lines += "A: b\n";
  return lines;
}

INSTANTIATE_TEST_SUITE_P(
    Table, HeadTable,
    testing::ValuesIn(std::vector<HeadCase>{
        {"Plain", "GET / HTTP/1.1\nHost: h\n", 0},
        {"Http10WithoutHost", "GET / HTTP/1.0\n", 0},
        {"AbsoluteTarget", "GET http://h/x HTTP/1.1\nHost: h\n", 0},
        {"UnknownMethod", "BREW / HTTP/1.1\nHost: h\n", 0},
        {"EmptyValue", "GET / HTTP/1.1\nHost: h\nA:\n", 0},
        {"Utf8Value", "GET / HTTP/1.1\nHost: h\nA: \xC3\xA9\n", 0},
        {"NoHost", "GET / HTTP/1.1\n", 400},
        {"TwoHosts", "GET / HTTP/1.1\nHost: h\nHost: h\n", 400},
        {"NoTarget", "GET HTTP/1.1\nHost: h\n", 400},
        {"BlankInTheTarget", "GET /a b HTTP/1.1\nHost: h\n", 400},
        {"NulInTheTarget", "GET /a\0b HTTP/1.1\nHost: h\n"s, 400},
        {"BlankBeforeTheColon", "GET / HTTP/1.1\nHost: h\nA : b\n", 400},
        {"FoldedLine", "GET / HTTP/1.1\nHost: h\nA: b\n c\n", 400},
        {"BareCr", "GET / HTTP/1.1\nHost: h\nA: b\rc\n", 400},
        {"NulInAValue", "GET / HTTP/1.1\nHost: h\nA: b\0c\n"s, 400},
        {"TwoLengths", "GET / HTTP/1.1\nHost: h\nContent-Length: 1\nContent-Length: 1\n", 400},
        {"LengthList", "GET / HTTP/1.1\nHost: h\nContent-Length: 1, 1\n", 400},
        {"LengthWithLetters", "GET / HTTP/1.1\nHost: h\nContent-Length: 3x\n", 400},
        {"LengthPlus", "GET / HTTP/1.1\nHost: h\nContent-Length: +3\n", 400},
        {"LengthMinus", "GET / HTTP/1.1\nHost: h\nContent-Length: -3\n", 400},
        {"LengthEncoded", "GET / HTTP/1.1\nHost: h\nContent-Length: %33\n", 400},
        {"LengthEmpty", "GET / HTTP/1.1\nHost: h\nContent-Length:\n", 400},
        {"LengthHuge", "GET / HTTP/1.1\nHost: h\nContent-Length: 99999999999999999999\n", 400},
        {"LengthAndCoding",
         "GET / HTTP/1.1\nHost: h\nContent-Length: 3\nTransfer-Encoding: chunked\n", 400},
        {"CodingGzip", "GET / HTTP/1.1\nHost: h\nTransfer-Encoding: gzip, chunked\n", 400},
        {"CodingTwice",
         "GET / HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked\n", 400},
        {"CodingIn10", "GET / HTTP/1.0\nTransfer-Encoding: chunked\n", 400},
        {"StrangeExpect", "GET / HTTP/1.1\nHost: h\nExpect: tea\n", 417},
        {"Http2", "GET / HTTP/2.0\nHost: h\n", 505},
        {"NotHttp", "GET / FTP/1.1\nHost: h\n", 400},
        {"ManyLines", many_lines(200), 0},
        {"TooManyLines", many_lines(300), 431},
    }),
    twindow::test::case_name);

TEST(ControlHead, RefusesABareLf) {
  const auto got = parse_control_head("GET / HTTP/1.1\nHost: h\r\n\r\n");
  EXPECT_TRUE(std::holds_alternative<Refusal>(got));
}

TEST(ControlHead, KeepsHeadersAsTheyWereSent) {
  const auto got = parse_control_head(
      "POST /a%2fb?c=%20 HTTP/1.1\r\nhOst: h\r\nX-A:  1%0d%0a \r\nx-a: 2\r\n\r\n");
  const auto* head = std::get_if<ControlHead>(&got);
  ASSERT_NE(head, nullptr);
  EXPECT_EQ(head->target, "/a%2fb?c=%20");
  const twindow::wire::Headers want{{"hOst", "h"}, {"X-A", "1%0d%0a"}, {"x-a", "2"}};
  EXPECT_EQ(head->headers, want);
}

struct ChunkCase {
  std::string name;
  std::string bytes;
  ChunkDecoder::State want;
  std::string body;
  std::string left;
};
void PrintTo(const ChunkCase& row, std::ostream* out) { *out << row.name; }

class ChunkTable : public testing::TestWithParam<ChunkCase> {};

TEST_P(ChunkTable, IsTakenApartWhereverItIsCut) {
  const auto& [name, bytes, want, body, left] = GetParam();
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    ChunkDecoder decoder(16);
    std::string got;
    std::string_view rest = std::string_view(bytes).substr(0, cut);
    auto state = decoder.feed(rest, got);
    std::string second(rest);
    second += bytes.substr(cut);
    rest = second;
    if (state == ChunkDecoder::State::More) state = decoder.feed(rest, got);
    EXPECT_EQ(state, want) << "cut at " << cut;
    if (want != ChunkDecoder::State::Done) continue;
    EXPECT_EQ(got, body);
    EXPECT_EQ(rest, left);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, ChunkTable,
    testing::ValuesIn(std::vector<ChunkCase>{
        {"Two", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", ChunkDecoder::State::Done, "abcde", ""},
        {"Pipelined", "1\r\na\r\n0\r\n\r\nGET", ChunkDecoder::State::Done, "a", "GET"},
        {"Extension", "1;x=y\r\na\r\n0\r\n\r\n", ChunkDecoder::State::Done, "a", ""},
        {"Trailer", "1\r\na\r\n0\r\nA: b\r\n\r\n", ChunkDecoder::State::Done, "a", ""},
        {"Unfinished", "3\r\nab", ChunkDecoder::State::More, "", ""},
        {"SizeTooLarge", "11\r\n", ChunkDecoder::State::TooLarge, "", ""},
        {"SumTooLarge", "9\r\n123456789\r\n9\r\n123456789\r\n", ChunkDecoder::State::TooLarge, "",
         ""},
        {"Negative", "-1\r\n", ChunkDecoder::State::Garbled, "", ""},
        {"Prefix", "0x1\r\n", ChunkDecoder::State::Garbled, "", ""},
        {"NoSize", "\r\n", ChunkDecoder::State::Garbled, "", ""},
        {"Letters", "zz\r\n", ChunkDecoder::State::Garbled, "", ""},
        {"Overflow", "fffffffffffffffff\r\n", ChunkDecoder::State::Garbled, "", ""},
        {"BareLf", "1\na\r\n0\r\n\r\n", ChunkDecoder::State::Garbled, "", ""},
        {"DataTooLong", "1\r\nab\r\n0\r\n\r\n", ChunkDecoder::State::Garbled, "", ""},
        {"EndlessLine", std::string(5000, '0'), ChunkDecoder::State::Garbled, "", ""},
    }),
    twindow::test::case_name);

}  // namespace
