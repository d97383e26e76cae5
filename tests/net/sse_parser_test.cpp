// SPDX-License-Identifier: Apache-2.0
#include "src/net/sse_parser.h"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/case_name.h"

namespace {

using twindow::net::SseParser;
using Events = std::vector<std::pair<std::string, std::string>>;

struct SseCase {
  std::string name;
  std::string stream;
  Events want;
};

void PrintTo(const SseCase& row, std::ostream* out) { *out << row.name; }

class SseTable : public testing::TestWithParam<SseCase> {};

// Every way to cut the stream in two, and byte by byte.
TEST_P(SseTable, GivesTheSameEventsWhereverTheStreamIsCut) {
  const std::string& stream = GetParam().stream;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    Events got;
    const auto keep = [&](std::string_view event, std::string_view data) {
      got.emplace_back(event, data);
      return true;
    };
    SseParser parser(1024);
    EXPECT_TRUE(parser.feed(stream.substr(0, cut), keep));
    EXPECT_TRUE(parser.feed(stream.substr(cut), keep));
    EXPECT_EQ(got, GetParam().want) << "cut at " << cut;
  }
  Events got;
  SseParser parser(1024);
  for (const char c : stream) {
    parser.feed({&c, 1}, [&](std::string_view event, std::string_view data) {
      got.emplace_back(event, data);
      return true;
    });
  }
  EXPECT_EQ(got, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SseTable,
    testing::ValuesIn(std::vector<SseCase>{
        {"Named", "event: clock\ndata: {}\n\n", {{"clock", "{}"}}},
        {"Unnamed", "data: x\n\n", {{"message", "x"}}},
        {"TwoLinesOfData", "data: a\ndata: b\n\n", {{"message", "a\nb"}}},
        {"CrLf", "event: e\r\ndata: a\r\n\r\ndata: b\r\n\r\n", {{"e", "a"}, {"message", "b"}}},
        {"LoneCr", "data: a\r\rdata: b\r\r", {{"message", "a"}, {"message", "b"}}},
        {"OneBlankIsTakenOff", "data:  a\n\ndata:b\n\n", {{"message", " a"}, {"message", "b"}}},
        {"EmptyData", "data\n\n", {{"message", ""}}},
        {"NameWithoutData", "event: lost\n\ndata: x\n\n", {{"message", "x"}}},
        {"Comment", ": keep-alive\n\ndata: x\n\n", {{"message", "x"}}},
        {"IdRetryAndUnknown", "id: 7\nretry: 1\nfoo: 2\ndata: x\n\n", {{"message", "x"}}},
        {"ByteOrderMark",
         "\xEF\xBB\xBF"
         "data: x\n\n",
         {{"message", "x"}}},
        {"ColonInTheData", "data: a:b: c\n\n", {{"message", "a:b: c"}}},
        {"Unfinished", "data: x\n", {}},
        {"Empty", "", {}},
    }),
    twindow::test::case_name);

TEST(SseParser, StopsWhenNoMoreIsWanted) {
  int calls = 0;
  SseParser parser(1024);
  EXPECT_FALSE(parser.feed("data: a\n\ndata: b\n\n", [&](auto, auto) { return ++calls < 1; }));
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(parser.too_large());
}

TEST(SseParser, GivesUpOnAnEventWithoutEnd) {
  SseParser parser(64);
  const auto never = [](auto, auto) { return true; };
  bool more = true;
  for (int n = 0; more && n < 100; ++n) more = parser.feed("data: 0123456789\n", never);
  EXPECT_FALSE(more);
  EXPECT_TRUE(parser.too_large());
}

}  // namespace
