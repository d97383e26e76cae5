// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/control_client.h"

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/raw_socket.h"
#include "tests/support/case_name.h"

namespace {

using namespace std::chrono_literals;
using namespace twindow;
using net::ControlClient;
using test::RawListener;
using test::RawSocket;
using testing::HasSubstr;

std::string url_of(const RawListener& listener) {
  return "http://127.0.0.1:" + std::to_string(listener.port());
}

// Answers one connection with `reply` and gives back the request; keeps the connection open until
// the client closes it if `stays`.
std::future<std::string> answer_once(const RawListener& listener, std::string reply,
                                     bool stays = false) {
  return std::async(std::launch::async, [&listener, reply = std::move(reply), stays] {
    RawSocket socket = listener.accept();
    std::string request = socket.read_until("\r\n\r\n");
    if (const auto at = request.find("Content-Length: "); at != std::string::npos) {
      request += socket.read_bytes(std::stoul(request.substr(at + 16)));
    }
    socket.send(reply);
    if (stays) socket.read_to_end();
    return request;
  });
}

TEST(ControlClient, SendsTheCallAndReadsTheAnswer) {
  const RawListener listener;
  auto request =
      answer_once(listener, "HTTP/1.1 409 Conflict\r\nX-A: b\r\nContent-Length: 4\r\n\r\nbusy");
  const ControlClient client(url_of(listener), "0123456789abcdef");
  const auto reply = client.request("PUT", "/__admin/clock?account=AC%201", R"({"now":1})");
  ASSERT_TRUE(reply) << reply.error().detail;
  EXPECT_EQ(reply->status, 409);
  EXPECT_EQ(std::get<std::string>(reply->body), "busy");
  EXPECT_EQ(wire::find_header(reply->headers, "x-a"), "b");
  const std::string sent = request.get();
  EXPECT_THAT(sent, testing::StartsWith("PUT /__admin/clock?account=AC%201 HTTP/1.1\r\n"));
  EXPECT_THAT(sent, HasSubstr("Authorization: Bearer 0123456789abcdef\r\n"));
  EXPECT_THAT(sent, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_TRUE(sent.ends_with("\r\n\r\n{\"now\":1}")) << sent;
}

TEST(ControlClient, SendsNoTokenIfItHasNone) {
  const RawListener listener;
  auto request = answer_once(listener, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(ControlClient(url_of(listener) + "/").request("GET", "/livez"));
  EXPECT_THAT(request.get(), testing::Not(HasSubstr("Authorization")));
}

TEST(ControlClient, SaysWhatToDoWhenNobodyAnswers) {
  RawListener listener;
  const std::string url = url_of(listener);
  listener.close();
  const std::string want = "no Twindow answers at " + url +
                           ": is `twindow serve` running? (--server URL or TWINDOW_SERVER)";
  const auto reply = ControlClient(url).request("GET", "/livez");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error(), (Error{Errc::Unreachable, want}));
  const auto followed = ControlClient(url).follow("/e", [](auto, auto) { return true; });
  ASSERT_FALSE(followed);
  EXPECT_EQ(followed.error(), (Error{Errc::Unreachable, want}));
}

TEST(ControlClient, GivesUpAfterItsTime) {
  const RawListener listener;
  auto request = answer_once(listener, "", true);
  const auto reply = ControlClient(url_of(listener)).request("GET", "/livez", {}, {}, 100ms);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::TimedOut);
  request.get();
}

TEST(ControlClient, ReportsAnAnswerThatBreaksOff) {
  const RawListener listener;
  auto request = answer_once(listener, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
  const auto reply = ControlClient(url_of(listener)).request("GET", "/livez");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::BadReply);
  request.get();
}

struct UrlCase {
  std::string name;
  std::string url;
};
void PrintTo(const UrlCase& row, std::ostream* out) { *out << row.name; }
class BadUrl : public testing::TestWithParam<UrlCase> {};

TEST_P(BadUrl, IsWrongInput) {
  const auto reply = ControlClient(GetParam().url).request("GET", "/");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Errc::BadInput) << reply.error().detail;
}
INSTANTIATE_TEST_SUITE_P(Table, BadUrl,
                         testing::ValuesIn(std::vector<UrlCase>{
                             {"Https", "https://127.0.0.1:4011"},
                             {"NoScheme", "127.0.0.1:4011"},
                             {"NoHost", "http://:4011"},
                             {"Path", "http://127.0.0.1:4011/x"},
                             {"PortWord", "http://127.0.0.1:x"},
                             {"PortZero", "http://127.0.0.1:0"},
                             {"PortLarge", "http://127.0.0.1:65536"},
                             {"Userinfo", "http://u:p@127.0.0.1"},
                             {"OpenBracket", "http://[::1"},
                             {"Empty", ""},
                         }),
                         test::case_name);

using Events = std::vector<std::pair<std::string, std::string>>;

TEST(ControlClient, FollowsEventsAsTheyCome) {
  const RawListener listener;
  std::promise<void> first_seen;
  auto server = std::async(std::launch::async, [&] {
    RawSocket socket = listener.accept();
    socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    socket.send("10\r\nevent: a\ndata: 1\r\n2\r\n\n\n\r\n");
    const bool seen = first_seen.get_future().wait_for(10s) == std::future_status::ready;
    socket.send("9\r\ndata: 2\n\r\n1\r\n\n\r\n0\r\n\r\n");
    return seen;
  });
  Events got;
  const auto done = ControlClient(url_of(listener))
                        .follow(
                            "/e",
                            [&](auto event, auto data) {
                              got.emplace_back(event, data);
                              if (got.size() == 2) first_seen.set_value();
                              return true;
                            },
                            [&] { got.emplace_back("open", ""); });
  EXPECT_TRUE(done) << done.error().detail;
  EXPECT_TRUE(server.get());
  EXPECT_EQ(got, (Events{{"open", ""}, {"a", "1"}, {"message", "2"}}));
}

TEST(ControlClient, StopsFollowingWhenToldTo) {
  const RawListener listener;
  auto request = answer_once(listener,
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "12\r\ndata: 1\n\ndata: 2\n\n\r\n",
                             true);
  int calls = 0;
  const auto done = ControlClient(url_of(listener)).follow("/e", [&](auto, auto) {
    ++calls;
    return false;
  });
  EXPECT_TRUE(done);
  EXPECT_EQ(calls, 1);
  EXPECT_THAT(request.get(), HasSubstr("Accept: text/event-stream\r\n"));
}

TEST(ControlClient, ReportsARefusedStreamInTheServersWords) {
  const RawListener listener;
  auto request =
      answer_once(listener, "HTTP/1.1 403 Forbidden\r\nContent-Length: 8\r\n\r\nno token");
  const auto done =
      ControlClient(url_of(listener))
          .follow(
              "/e", [](auto, auto) { return true; }, [] { ADD_FAILURE() << "it was refused"; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::BadReply);
  EXPECT_THAT(done.error().detail, HasSubstr("403: no token"));
  request.get();
}

TEST(ControlClient, ReportsAStreamThatBreaksOff) {
  const RawListener listener;
  auto request =
      answer_once(listener, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\ndat");
  const auto done = ControlClient(url_of(listener)).follow("/e", [](auto, auto) { return true; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::BadReply);
  request.get();
}

}  // namespace
