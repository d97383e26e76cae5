// SPDX-License-Identifier: Apache-2.0
// Which bytes leave for the upstream.
#include "src/net/upstream_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/net/hop_by_hop.h"

namespace twindow::net {
namespace {

wire::UpstreamCall call(wire::Headers headers, std::string body = {}) {
  return {.host = "api.twilio.com",
          .method = "POST",
          .target = "/a%20b/?To=%2B1&&x",
          .headers = std::move(headers),
          .body = std::move(body)};
}

TEST(UpstreamRequest, KeepsOrderCaseAndRepetitions) {
  EXPECT_EQ(upstream_request_head(call({{"x-first", "1"},
                                        {"HOST", "127.0.0.1:4010"},
                                        {"Authorization", "Basic QQ=="},
                                        {"X-Two", "a"},
                                        {"content-LENGTH", "4"},
                                        {"x-two", "b, c"},
                                        {"Empty", ""},
                                        {"Expect", "100-continue"}},
                                       "To=x")),
            "POST /a%20b/?To=%2B1&&x HTTP/1.1\r\n"
            "x-first: 1\r\n"
            "HOST: api.twilio.com\r\n"
            "Authorization: Basic QQ==\r\n"
            "X-Two: a\r\n"
            "content-LENGTH: 4\r\n"
            "x-two: b, c\r\n"
            "Empty: \r\n"
            "Expect: 100-continue\r\n"
            "\r\n");
}

TEST(UpstreamRequest, LeavesOutWhatConcernsOneHop) {
  EXPECT_EQ(upstream_request_head(call({{"Host", "x"},
                                        {"Connection", "keep-alive, X-Mine ,x-other"},
                                        {"x-mine", "1"},
                                        {"X-OTHER", "2"},
                                        {"Keep-Alive", "timeout=5"},
                                        {"Proxy-Connection", "keep-alive"},
                                        {"proxy-authorization", "Basic QQ=="},
                                        {"TE", "trailers"},
                                        {"Trailer", "X"},
                                        {"Upgrade", "h2c"},
                                        {"Accept", "*/*"}})),
            "POST /a%20b/?To=%2B1&&x HTTP/1.1\r\nHost: api.twilio.com\r\nAccept: */*\r\n\r\n");
}

TEST(UpstreamRequest, HostAndLengthCannotBeNamedAway) {
  EXPECT_EQ(
      upstream_request_head(
          call({{"Connection", "Host, Content-Length"}, {"Content-Length", "1"}}, "x")),
      "POST /a%20b/?To=%2B1&&x HTTP/1.1\r\nHost: api.twilio.com\r\nContent-Length: 1\r\n\r\n");
}

TEST(UpstreamRequest, GivesTheBodyOfChunksItsLength) {
  EXPECT_THAT(upstream_request_head(
                  call({{"Host", "x"}, {"Transfer-Encoding", "chunked"}, {"A", "b"}}, "To=x")),
              testing::EndsWith("A: b\r\nContent-Length: 4\r\n\r\n"));
  EXPECT_THAT(upstream_request_head(call({{"Host", "x"}, {"Transfer-Encoding", "chunked"}})),
              testing::EndsWith("Content-Length: 0\r\n\r\n"));
  EXPECT_THAT(upstream_request_head(call({{"Host", "x"}})),
              testing::Not(testing::HasSubstr("Content-Length")));
}

TEST(UpstreamRequest, SaysTheLengthOfTheBodyThatIsSent) {
  EXPECT_THAT(upstream_request_head(call({{"Host", "x"}, {"Content-Length", "99"}}, "To=x")),
              testing::EndsWith("Content-Length: 4\r\n\r\n"));
}

TEST(HopByHopHeaders, AreDroppedFromAnswers) {
  wire::Headers headers{{"A", "1"},          {"connection", "X-Y"},
                        {"x-y", "2"},        {"Connection", "a"},
                        {"Set-Cookie", "3"}, {"Transfer-Encoding", "chunked"},
                        {"Set-Cookie", "4"}};
  drop_hop_by_hop(headers);
  EXPECT_THAT(headers, testing::ElementsAre(wire::Header{"Set-Cookie", "3"},
                                            wire::Header{"Set-Cookie", "4"}));
}

}  // namespace
}  // namespace twindow::net
