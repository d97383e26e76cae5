// SPDX-License-Identifier: Apache-2.0
// What proxy mode sends on, and what comes back.
#include "twindow/api/proxy_face.h"

#include <deque>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/server_fixture.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using wire::Header;
using wire::HttpReply;
using wire::UpstreamCall;
using wire::UpstreamFault;

class Pieces final : public wire::BodyStream {
 public:
  explicit Pieces(std::deque<std::string> pieces) : pieces_(std::move(pieces)) {}
  Task<std::optional<std::string>> next() override {
    if (pieces_.empty()) co_return std::nullopt;
    std::string piece = std::move(pieces_.front());
    pieces_.pop_front();
    if (piece == "throw") throw std::runtime_error("broke");
    co_return piece;
  }

 private:
  std::deque<std::string> pieces_;
};

class ProxyFace : public testing::Test {
 protected:
  ProxyFace() {
    server.state.mode = "proxy";
    server.state.control_address = "127.0.0.1:4011";
    face = api::make_proxy_face(server.state,
                                [this](UpstreamCall call) { return carry(std::move(call)); });
  }

  Task<wire::UpstreamReply> carry(UpstreamCall call) {
    seen.push_back(std::move(call));
    if (failure) co_return Unexpected(*failure);
    co_return reply;
  }

  HttpReply call(std::string method, std::string target, std::string host = "127.0.0.1:4010",
                 wire::Headers more = {}, std::string body = "") {
    wire::Headers headers{{"Host", host}};
    headers.insert(headers.end(), more.begin(), more.end());
    wire::HttpCall made{.method = std::move(method),
                        .target = std::move(target),
                        .headers = std::move(headers),
                        .body = std::move(body)};
    made.tls = tls;
    return server.reply_of(face, std::move(made));
  }
  Answer answer(std::string method, std::string target, std::string host = "127.0.0.1:4010") {
    return Server::as_answer(call(std::move(method), std::move(target), std::move(host)));
  }
  void will_answer_json(std::string json) {
    reply = {.status = 200, .headers = {{"Content-Type", "application/json"}}};
    reply.body = std::move(json);
  }

  Server server;
  wire::Handler face;
  bool tls = false;
  std::vector<UpstreamCall> seen;
  HttpReply reply;
  std::optional<wire::UpstreamFailure> failure;
};

TEST_F(ProxyFace, SendsOnWhatCame) {
  reply = {.status = 201, .headers = {{"X-b", "1"}, {"X-a", "2"}}, .body = std::string("\0x", 2)};
  const HttpReply got =
      call("POST", "/2010-04-01/Accounts/AC/Messages.json?a=%2F", "api.twilio.com",
           {{"authorization", "Basic QQ=="}, {"Accept-Encoding", "gzip"}}, "To=x");
  EXPECT_EQ(got.status, 201);
  EXPECT_THAT(got.headers, ElementsAre(Header{"X-b", "1"}, Header{"X-a", "2"}));
  EXPECT_EQ(std::get<std::string>(got.body), std::string("\0x", 2));
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].host, "api.twilio.com");
  EXPECT_EQ(seen[0].method, "POST");
  EXPECT_EQ(seen[0].target, "/2010-04-01/Accounts/AC/Messages.json?a=%2F");
  EXPECT_THAT(seen[0].headers,
              ElementsAre(Header{"Host", "api.twilio.com"}, Header{"authorization", "Basic QQ=="},
                          Header{"Accept-Encoding", "gzip"}));
  EXPECT_EQ(seen[0].body, "To=x");
}

struct WayCase {
  std::string name;
  std::string target;
  std::string host;
  std::string want_host;
  std::string want_target;
};

class ProxyWays : public ProxyFace, public testing::WithParamInterface<WayCase> {};

TEST_P(ProxyWays, LeadToTheProductsHost) {
  call("DELETE", GetParam().target, GetParam().host);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].host, GetParam().want_host);
  EXPECT_EQ(seen[0].target, GetParam().want_target);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Table, ProxyWays, testing::ValuesIn(std::vector<WayCase>{
    {"BaseUrl", "/2010-04-01/x", "127.0.0.1:4010", "api.twilio.com", "/2010-04-01/x"},
    {"BaseUrlContent", "/v1/Content/HX?a", "localhost:4010", "content.twilio.com", "/v1/Content/HX?a"},
    {"Prefix", "/verify.twilio.com/v2/Services?a=b", "127.0.0.1:4010", "verify.twilio.com", "/v2/Services?a=b"},
    {"HostHeader", "/v1/Services", "chat.twilio.com", "chat.twilio.com", "/v1/Services"},
    {"EdgeAndRegion", "/x", "api.dublin.ie1.twilio.com:443", "api.dublin.ie1.twilio.com", "/x"},
    {"Absolute", "http://lookups.twilio.com/v2/PhoneNumbers?b", "127.0.0.1:4010", "lookups.twilio.com", "/v2/PhoneNumbers?b"},
    {"Unknown", "/what", "127.0.0.1:4010", "api.twilio.com", "/what"},
    {"AdminOfTwilio", "/__admin/info", "api.twilio.com", "api.twilio.com", "/__admin/info"},
    {"RootOfTwilio", "/", "api.twilio.com", "api.twilio.com", "/"},
}), case_name);
// clang-format on

TEST_F(ProxyFace, IsNoProxyForOthers) {
  const Answer got = answer("GET", "http://example.com/");
  EXPECT_EQ(got.status, 403);
  EXPECT_THAT(got.body, HasSubstr("example.com"));
  EXPECT_TRUE(seen.empty());
}

TEST_F(ProxyFace, KeepsTheControlApisCallsToItself) {
  for (const std::string path : {"/", "/__admin", "/__admin/info", "/__admin/reset?a"}) {
    const Answer got = answer("POST", path);
    EXPECT_EQ(got.status, 404);
    EXPECT_EQ(got.json()["code"], 20404);
    EXPECT_THAT(got.body, HasSubstr("Twindow in proxy mode"));
    EXPECT_THAT(got.body, HasSubstr("http://127.0.0.1:4011"));
  }
  EXPECT_TRUE(seen.empty());
}

struct FailureCase {
  std::string name;
  UpstreamFault fault;
  bool may_have_arrived;
  int status;
  int code;
};

class ProxyFailures : public ProxyFace, public testing::WithParamInterface<FailureCase> {};

TEST_P(ProxyFailures, AreToldInTwiliosShape) {
  failure = {.fault = GetParam().fault,
             .may_have_arrived = GetParam().may_have_arrived,
             .detail = "api.twilio.com: oh"};
  const Answer got = answer("POST", "/2010-04-01/Accounts/AC/Messages.json");
  EXPECT_EQ(got.status, GetParam().status);
  EXPECT_EQ(got.json()["status"], GetParam().status);
  EXPECT_EQ(got.json()["code"], GetParam().code);
  const auto message = got.json()["message"].get<std::string>();
  EXPECT_THAT(message, StartsWith("Twindow: api.twilio.com: oh; Twilio "));
  EXPECT_THAT(message, HasSubstr(GetParam().may_have_arrived ? "may have got" : "has not got"));
}

INSTANTIATE_TEST_SUITE_P(Table, ProxyFailures,
                         testing::ValuesIn(std::vector<FailureCase>{
                             {"NotConnected", UpstreamFault::NotConnected, false, 503, 20503},
                             {"NotTrusted", UpstreamFault::NotTrusted, false, 502, 20500},
                             {"Late", UpstreamFault::Late, true, 504, 20504},
                             {"Broken", UpstreamFault::Broken, true, 502, 20500},
                             {"BrokenBefore", UpstreamFault::Broken, false, 502, 20500},
                             {"Malformed", UpstreamFault::Malformed, true, 502, 20500},
                         }),
                         case_name);

TEST_F(ProxyFace, TellsAFailureAsXmlWhereTwilioWould) {
  failure = {.fault = UpstreamFault::Late, .may_have_arrived = true, .detail = "a < b"};
  const Answer got = answer("POST", "/2010-04-01/Accounts/AC/Messages");
  EXPECT_EQ(got.header("Content-Type"), "application/xml");
  EXPECT_THAT(got.body, HasSubstr("<Code>20504</Code><Message>Twindow: a &lt; b; Twilio may"));
  EXPECT_EQ(answer("GET", "/v1/Content").header("Content-Type"), "application/json");
}

// Links.

const std::string kPage =
    R"({"meta": {"next_page_url": "https://content.twilio.com/v1/Content?Page=1"}})";

TEST_F(ProxyFace, WritesLinksSoThatTheyLeadHere) {
  will_answer_json(kPage);
  EXPECT_EQ(answer("GET", "/v1/Content").body,
            R"({"meta": {"next_page_url": "http://127.0.0.1:4010/v1/Content?Page=1"}})");
  tls = true;
  EXPECT_EQ(
      answer("GET", "/content.twilio.com/v1/Content", "twindow:4443").body,
      R"({"meta": {"next_page_url": "https://twindow:4443/content.twilio.com/v1/Content?Page=1"}})");
}

TEST_F(ProxyFace, AsksForPlainTextWhereItLooksForLinks) {
  will_answer_json(kPage);
  call("GET", "/v1/Content", "127.0.0.1:4010", {{"accept-encoding", "gzip, br"}, {"A", "b"}});
  call("GET", "/v1/Content");
  EXPECT_THAT(seen[0].headers,
              ElementsAre(Header{"Host", "127.0.0.1:4010"}, Header{"accept-encoding", "identity"},
                          Header{"A", "b"}));
  EXPECT_THAT(seen[1].headers,
              ElementsAre(Header{"Host", "127.0.0.1:4010"}, Header{"Accept-Encoding", "identity"}));
}

TEST_F(ProxyFace, LeavesAlone) {
  const wire::Headers gzip{{"Accept-Encoding", "gzip"}};
  const auto expect_same = [&](const HttpReply& got) {
    EXPECT_EQ(std::get<std::string>(got.body), kPage);
    EXPECT_EQ(seen.back().headers.back(), gzip[0]);
  };
  will_answer_json(kPage);
  expect_same(call("GET", "/v1/Content", "content.twilio.com", gzip));
  expect_same(call("GET", "http://content.twilio.com/v1/Content", "127.0.0.1:4010", gzip));
  expect_same(call("POST", "/v1/Content", "127.0.0.1:4010", gzip));
  expect_same(call("DELETE", "/v1/Content", "127.0.0.1:4010", gzip));
  expect_same(call("GET", "/2010-04-01/Accounts/AC/Messages/MM/Media/ME", "127.0.0.1:4010", gzip));
}

TEST_F(ProxyFace, LooksForNoLinksInWhatIsNoPlainJson) {
  will_answer_json(kPage);
  reply.headers = {{"Content-Type", "application/json"}, {"Content-Encoding", "gzip"}};
  EXPECT_EQ(answer("GET", "/v1/Content").body, kPage);
  reply.headers = {{"Content-Type", "text/plain"}};
  EXPECT_EQ(answer("GET", "/v1/Content").body, kPage);
  reply.headers = {{"Content-Type", "application/JSON; charset=utf-8"}};
  EXPECT_NE(answer("GET", "/v1/Content").body, kPage);
}

TEST_F(ProxyFace, LooksForLinksInWhatIsStreamed) {
  will_answer_json("");
  reply.body =
      std::make_shared<Pieces>(std::deque<std::string>{kPage.substr(0, 40), kPage.substr(40)});
  EXPECT_THAT(answer("GET", "/v1/Content").body, HasSubstr("http://127.0.0.1:4010/v1/Content"));
}

TEST_F(ProxyFace, HandsOnWhatIsTooLargeToLookInto) {
  will_answer_json("");
  const std::string piece(3 * 1024 * 1024, ' ');
  reply.body = std::make_shared<Pieces>(std::deque<std::string>{kPage, piece, piece, piece, piece});
  const HttpReply got = call("GET", "/v1/Content");
  auto& stream = *std::get<std::shared_ptr<wire::BodyStream>>(got.body);
  std::string all;
  while (auto next = server.next_of(stream)) all += *next;
  EXPECT_TRUE(all == kPage + piece + piece + piece + piece);
}

TEST_F(ProxyFace, TellsThatAnAnswerBrokeOff) {
  will_answer_json("");
  reply.body = std::make_shared<Pieces>(std::deque<std::string>{kPage.substr(0, 40), "throw"});
  const Answer got = answer("GET", "/v1/Content");
  EXPECT_EQ(got.status, 502);
  EXPECT_THAT(got.body, HasSubstr("Twindow: "));
}

}  // namespace
}  // namespace twindow::test
