// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/webhook_client.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include "twindow/wire/form.h"
#include "twindow/wire/twilio/signature.h"

#include "tests/net/raw_socket.h"
#include "tests/net/webhook_fixture.h"
#include "tests/support/case_name.h"

namespace {

using namespace std::chrono_literals;
using namespace twindow;
using test::inbound_webhook;
using test::RawListener;
using test::RawSocket;
using test::WebhookFixture;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string url_of(std::uint16_t port, const std::string& rest = "/in") {
  return "http://127.0.0.1:" + std::to_string(port) + rest;
}

// An app on cpp-httplib: remembers what it was asked, answers 200 and TwiML.
class FakeApp {
 public:
  FakeApp() {
    server_.set_keep_alive_max_count(10'000);
    server_.set_keep_alive_timeout(60);
    server_.set_tcp_nodelay(true);
    server_.new_task_queue = [] { return new httplib::ThreadPool(160); };
    server_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      std::unique_lock lock(mutex_);
      requests_.push_back(request);
      news_.notify_all();
      news_.wait_for(lock, 10s, [this] { return requests_.size() >= crowd_; });
      response.set_content("<Response/>", "text/xml");
    });
    port_ = static_cast<std::uint16_t>(server_.bind_to_any_port("127.0.0.1"));
    server_.widen_backlog();
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~FakeApp() {
    server_.stop();
    thread_.join();
  }

  std::uint16_t port() const { return port_; }
  std::vector<httplib::Request> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::size_t connections() {
    std::set<int> ports;
    for (const auto& request : requests()) ports.insert(request.remote_port);
    return ports.size();
  }
  // Answers nobody before so many have asked.
  void wait_for_crowd(std::size_t crowd) {
    const std::lock_guard lock(mutex_);
    crowd_ = crowd;
  }

 private:
  // cpp-httplib lets 5 connections wait; the kernel drops the others for a second and more.
  class Server final : public httplib::Server {
   public:
    void widen_backlog() { ::listen(svr_sock_, 511); }
  };

  Server server_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<httplib::Request> requests_;
  std::size_t crowd_ = 0;
  std::thread thread_;
};

TEST(WebhookClient, SignsWhatTheAppReceives) {
  FakeApp app;
  WebhookFixture fixture;
  const std::string url = url_of(app.port(), "/twilio/in?campaign=42&lot=b%2B1");
  const WebhookOutcome outcome = fixture.deliver(url);
  EXPECT_EQ(outcome.error, std::nullopt);
  EXPECT_EQ(outcome.http_status, 200);
  EXPECT_EQ(outcome.reply, "<Response/>");
  EXPECT_EQ(outcome.content_type, "text/xml");
  EXPECT_EQ(outcome.tries, 1);
  EXPECT_EQ(outcome.url_signed, url);
  EXPECT_EQ(outcome.url_posted, url);
  const auto requests = app.requests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].target, "/twilio/in?campaign=42&lot=b%2B1");
  EXPECT_EQ(requests[0].body, outcome.body_sent);
  const auto form = wire::parse_form(requests[0].body);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->first("Body"), "Zo\xC3\xAB & co = 1+1");
  EXPECT_TRUE(wire::signature_matches(test::kAuthToken, url, form->params(),
                                      requests[0].get_header_value("X-Twilio-Signature")));
}

// The bytes themselves: order and spelling are part of what an app may look at.
TEST(WebhookClient, WritesTheRequestAsTwilioDoes) {
  const RawListener app;
  auto request = std::async(std::launch::async, [&] {
    RawSocket socket = app.accept();
    const std::string head = socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 204 No Content\r\n\r\n");
    return head;
  });
  WebhookFixture fixture;
  const auto outcome = fixture.deliver(url_of(app.port(), "/in?x=1#rc=2"));
  EXPECT_EQ(outcome.http_status, 204);
  EXPECT_EQ(request.get(),
            "POST /in?x=1 HTTP/1.1\r\n"
            "Host: 127.0.0.1:" +
                std::to_string(app.port()) +
                "\r\n"
                "User-Agent: TwilioProxy/1.1\r\n"
                "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
                "Content-Length: " +
                std::to_string(outcome.body_sent.size()) +
                "\r\n"
                "X-Twilio-Signature: " +
                outcome.signature +
                "\r\n"
                "I-Twilio-Idempotency-Token: " +
                test::kIdempotencyToken +
                "\r\n"
                "X-Home-Region: us1\r\n"
                "Accept: */*\r\n"
                "Connection: keep-alive\r\n\r\n");
  EXPECT_EQ(outcome.url_signed, url_of(app.port(), "/in?x=1"));
}

TEST(WebhookClient, KeepsTheOrderOfTheParameters) {
  FakeApp app;
  WebhookFixture fixture;
  const auto outcome = fixture.deliver(url_of(app.port()));
  const auto sent = wire::parse_form(app.requests().at(0).body);
  ASSERT_TRUE(sent);
  std::vector<std::string> names;
  for (const Param& param : sent->params()) names.push_back(param.name);
  const auto place = [&](const char* name) { return std::ranges::find(names, name); };
  EXPECT_EQ(names.front(), "SmsMessageSid");
  EXPECT_LT(place("SmsMessageSid"), place("Body"));
  EXPECT_LT(place("Body"), place("From"));
  EXPECT_EQ(names.back(), "ApiVersion");
}

TEST(WebhookClient, DeliversStatusNews) {
  FakeApp app;
  WebhookFixture fixture;
  Webhook webhook = inbound_webhook(url_of(app.port(), "/status"));
  Message message{
      .sid = webhook.message, .account = webhook.account, .to = *parse_to("whatsapp:+15550001111")};
  message.status = MessageStatus::Undelivered;
  message.error_code = 63016;
  webhook.news = StatusNews{message};
  EXPECT_EQ(fixture.start(std::move(webhook)).get().http_status, 200);
  const auto form = wire::parse_form(app.requests().at(0).body);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->first("MessageStatus"), "undelivered");
  EXPECT_EQ(form->first("ErrorCode"), "63016");
}

TEST(WebhookClient, HandsOnRelayedNewsAsTheyCame) {
  FakeApp app;
  WebhookFixture fixture;
  Webhook webhook = inbound_webhook(url_of(app.port(), "/in?a=b"));
  const std::vector<Param> params{
      {"To", "x"}, {"Body", ""}, {"Novelty", "Zo\xC3\xAB & +"}, {"A", ""}};
  webhook.news = RelayedNews{.inbound = true, .params = params, .cookie = "s=1; t=2"};
  EXPECT_EQ(fixture.start(std::move(webhook)).get().http_status, 200);
  const auto request = app.requests().at(0);
  EXPECT_EQ(request.body, "To=x&Body=&Novelty=Zo%C3%AB+%26+%2B&A=");
  EXPECT_EQ(request.get_header_value("Cookie"), "s=1; t=2");
  EXPECT_EQ(request.get_header_value("I-Twilio-Idempotency-Token"), test::kIdempotencyToken);
  EXPECT_TRUE(wire::signature_matches(test::kAuthToken, url_of(app.port(), "/in?a=b"), params,
                                      request.get_header_value("X-Twilio-Signature")));
}

TEST(WebhookClient, AGatewayCallsItsNeighboursOnlyIfTheOperatorSaysSo) {
  FakeApp app;
  net::WebhookClientOptions options;
  options.gateway = true;
  {
    WebhookFixture fixture(options);
    const auto outcome = fixture.deliver(url_of(app.port()));
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code, Errc::EgressRefused);
    EXPECT_THAT(outcome.error->detail, HasSubstr("callbacks.allow"));
    EXPECT_THAT(outcome.error->detail, Not(HasSubstr("deliver-to")));
  }
  options.deliver_to = {{"https://app.example.com", url_of(app.port(), "")}};
  {
    WebhookFixture fixture(options);
    EXPECT_EQ(fixture.deliver("https://app.example.com/in").http_status, 200);
    EXPECT_EQ(fixture.deliver(url_of(app.port())).http_status, 0);
  }
  options.allow = {"127.0.0.0/8"};
  WebhookFixture fixture(options);
  EXPECT_EQ(fixture.deliver(url_of(app.port())).http_status, 200);
}

TEST(WebhookClient, KeepsOfTheAnswersHeadersWhatMattersToTwilio) {
  const RawListener app;
  auto answered = std::async(std::launch::async, [&] {
    RawSocket socket = app.accept();
    socket.read_until("\r\n\r\n");
    socket.send(
        "HTTP/1.1 201 Created\r\nServer: x\r\nSet-Cookie: a=1\r\nlocation: /elsewhere\r\n"
        "Set-Cookie: b=2\r\nContent-Length: 0\r\n\r\n");
  });
  WebhookFixture fixture;
  const auto outcome = fixture.deliver(url_of(app.port()));
  answered.get();
  EXPECT_EQ(outcome.http_status, 201);
  EXPECT_THAT(outcome.headers,
              testing::UnorderedElementsAre(Param{"Set-Cookie", "a=1"}, Param{"Set-Cookie", "b=2"},
                                            Param{"location", "/elsewhere"}));
}

TEST(WebhookClient, SignsForTheLeftAndPostsToTheRight) {
  FakeApp app;
  net::WebhookClientOptions options;
  options.deliver_to = {{"https://app.example.com", url_of(app.port(), "")}};
  WebhookFixture fixture(options);
  const auto outcome = fixture.deliver("https://app.example.com/in?a=b");
  EXPECT_EQ(outcome.http_status, 200) << outcome.error->detail;
  EXPECT_EQ(outcome.url_signed, "https://app.example.com/in?a=b");
  EXPECT_EQ(outcome.url_posted, url_of(app.port(), "/in?a=b"));
  const auto request = app.requests().at(0);
  EXPECT_EQ(request.get_header_value("Host"), "app.example.com");
  EXPECT_TRUE(wire::signature_matches(test::kAuthToken, "https://app.example.com/in?a=b",
                                      wire::parse_form(request.body)->params(),
                                      request.get_header_value("X-Twilio-Signature")));
}

TEST(WebhookClient, SendsUserinfoAsBasicAndDoesNotSignIt) {
  FakeApp app;
  WebhookFixture fixture;
  const std::string rest = "127.0.0.1:" + std::to_string(app.port()) + "/in";
  const auto outcome = fixture.deliver("http://user:pw@" + rest);
  EXPECT_EQ(outcome.url_signed, "http://" + rest);
  EXPECT_EQ(outcome.url_posted, "http://" + rest);
  const auto request = app.requests().at(0);
  EXPECT_EQ(request.get_header_value("Authorization"), "Basic dXNlcjpwdw==");
  EXPECT_EQ(request.get_header_value("Host"), "127.0.0.1:" + std::to_string(app.port()));
}

TEST(WebhookClient, KeepsTheConnection) {
  FakeApp app;
  WebhookFixture fixture;
  for (int n = 0; n < 20; ++n) ASSERT_EQ(fixture.deliver(url_of(app.port())).http_status, 200);
  EXPECT_EQ(app.requests().size(), 20u);
  EXPECT_EQ(app.connections(), 1u);
}

TEST(WebhookClient, ClosesTheConnectionIfToldTo) {
  FakeApp app;
  net::WebhookClientOptions options;
  options.keep_alive = false;
  WebhookFixture fixture(options);
  for (int n = 0; n < 3; ++n) ASSERT_EQ(fixture.deliver(url_of(app.port())).http_status, 200);
  EXPECT_EQ(app.connections(), 3u);
  EXPECT_EQ(app.requests().at(0).get_header_value("Connection"), "close");
}

TEST(WebhookClient, TakesNewRulesForWhatBeginsLater) {
  FakeApp app;
  const std::string there = "http://127.0.0.1:" + std::to_string(app.port());
  WebhookFixture fixture({.deliver_to = {{"https://app.example.com", there}}});
  EXPECT_EQ(fixture.deliver("https://app.example.com/a").http_status, 200);
  ASSERT_TRUE(fixture.client().configure({.deliver_to = {{"https://other.example.com", there}}}));
  const WebhookOutcome refused = fixture.deliver("https://app.example.com/b");
  ASSERT_TRUE(refused.error.has_value());
  EXPECT_EQ(refused.error->code, Errc::EgressRefused);
  EXPECT_EQ(fixture.deliver("https://other.example.com/c").http_status, 200);
  EXPECT_EQ(app.connections(), 2u) << "kept connections go with the rules they were judged by";
  ASSERT_TRUE(fixture.client().configure(
      {.deliver_to = {{"https://x.example.com", there}}, .keep_alive = false}));
  EXPECT_EQ(fixture.deliver("https://x.example.com/d").http_status, 200);
  EXPECT_EQ(app.requests().back().get_header_value("Connection"), "close");
}

TEST(WebhookClient, KeepsItsRulesIfTheNewOnesCannotBeRead) {
  FakeApp app;
  const std::string there = "http://127.0.0.1:" + std::to_string(app.port());
  WebhookFixture fixture({.deliver_to = {{"https://app.example.com", there}}});
  EXPECT_EQ(fixture.client().configure({.deliver_to = {}, .allow = {"nonsense"}}).error().code,
            Errc::BadInput);
  EXPECT_EQ(fixture.deliver("https://app.example.com/a").http_status, 200);
}

TEST(WebhookClient, DeliversManyAtOnce) {
  FakeApp app;
  WebhookFixture fixture;
  for (std::size_t round = 1; round <= 3; ++round) {
    app.wait_for_crowd(64 * round);  // all 64 are in flight together
    std::vector<std::future<WebhookOutcome>> outcomes;
    for (int n = 0; n < 64; ++n) {
      outcomes.push_back(fixture.start(inbound_webhook(url_of(app.port()))));
    }
    for (auto& outcome : outcomes) {
      const auto got = outcome.get();
      EXPECT_EQ(got.http_status, 200) << got.error->detail;
    }
  }
  EXPECT_EQ(app.requests().size(), 192u);
  EXPECT_LE(app.connections(), 128u);  // the second and third round used kept ones
}

TEST(WebhookClient, ResumesOnTheCallersExecutor) {
  FakeApp app;
  test::IoRunner contexts(1);
  auto client = net::WebhookClient::create([&] { return contexts.executor(); }, {});
  ASSERT_TRUE(client);
  boost::asio::io_context caller;
  const Strand strand(caller.get_executor());
  bool on_the_strand = false;
  std::thread::id resumed;
  const auto deliver = [](net::WebhookClient& to, Webhook webhook, Strand expected, bool& on_it,
                          std::thread::id& where) -> Task<void> {
    const WebhookOutcome outcome = co_await to.deliver(std::move(webhook));
    on_it = expected.running_in_this_thread() && outcome.http_status == 200;
    where = std::this_thread::get_id();
  };
  auto work =
      deliver(**client, inbound_webhook(url_of(app.port())), strand, on_the_strand, resumed);
  auto guard = boost::asio::make_work_guard(caller);  // what works elsewhere is no work here
  boost::asio::co_spawn(strand, std::move(work), [&](const std::exception_ptr&) { guard.reset(); });
  caller.run();
  EXPECT_TRUE(on_the_strand);
  EXPECT_EQ(resumed, std::this_thread::get_id());
  client->reset();
  contexts.stop();
}

TEST(WebhookClient, TriesARefusedConnectionTwice) {
  RawListener closed;
  const auto url = url_of(closed.port());
  closed.close();
  WebhookFixture fixture;
  const auto outcome = fixture.deliver(url);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Errc::Unreachable);
  EXPECT_THAT(outcome.error->detail, HasSubstr("http://127.0.0.1:"));
  EXPECT_EQ(outcome.tries, 2);
  EXPECT_EQ(outcome.http_status, 0);
  EXPECT_FALSE(outcome.body_sent.empty());
}

TEST(WebhookClient, GivesUpOnAnAppThatDoesNotAnswer) {
  const RawListener app;
  std::promise<void> done;
  auto served = std::async(std::launch::async, [&] {
    RawSocket socket = app.accept();
    socket.read_until("\r\n\r\n");
    done.get_future().wait_for(10s);
  });
  net::WebhookClientOptions options;
  options.total_time = 100ms;
  WebhookFixture fixture(options);
  const auto outcome = fixture.deliver(url_of(app.port()));
  done.set_value();
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Errc::TimedOut);
  EXPECT_EQ(outcome.tries, 1);
  EXPECT_GE(outcome.latency, 90ms);
  EXPECT_EQ(outcome.http_status, 0);
}

TEST(WebhookClient, GivesUpOnAConnectionThatIsNotMade) {
  // A full backlog: the kernel drops what comes next.
  const RawListener app(0);
  std::vector<RawSocket> crowd;
  const auto fill = [&] {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(app.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(descriptor, reinterpret_cast<sockaddr*>(&to), sizeof to);
    crowd.emplace_back(descriptor);
  };
  for (int n = 0; n < 8; ++n) fill();
  net::WebhookClientOptions options;
  options.connect_time = 100ms;
  WebhookFixture fixture(options);
  const auto outcome = fixture.deliver(url_of(app.port()));
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Errc::TimedOut);
  EXPECT_THAT(outcome.error->detail, HasSubstr("no connection"));
  EXPECT_EQ(outcome.tries, 2);
}

struct ReplyCase {
  std::string name;
  std::string reply;  // then the app closes
  int status;
  std::string body;
  std::optional<Errc> error = {};
  std::string detail = {};
};
void PrintTo(const ReplyCase& row, std::ostream* out) { *out << row.name; }

class ReplyTable : public testing::TestWithParam<ReplyCase> {};

TEST_P(ReplyTable, IsAnOutcome) {
  const RawListener app;
  auto served = std::async(std::launch::async, [&] {
    RawSocket socket = app.accept();
    socket.read_until("ApiVersion=2010-04-01");
    socket.send(GetParam().reply);
  });
  net::WebhookClientOptions options;
  options.reply_bytes_max = 1000;
  WebhookFixture fixture(options);
  const auto outcome = fixture.deliver(url_of(app.port()));
  EXPECT_EQ(outcome.http_status, GetParam().status);
  EXPECT_EQ(outcome.error ? std::optional(outcome.error->code) : std::nullopt, GetParam().error);
  if (outcome.error) {
    EXPECT_THAT(outcome.error->detail, HasSubstr(GetParam().detail));
  } else {
    EXPECT_EQ(outcome.reply, GetParam().body);
  }
  EXPECT_EQ(outcome.tries, 1);
}

const std::string kOk = "HTTP/1.1 200 OK\r\n";
INSTANTIATE_TEST_SUITE_P(
    Table, ReplyTable,
    testing::ValuesIn(std::vector<ReplyCase>{
        {"Length", kOk + "Content-Length: 2\r\n\r\nhi", 200, "hi"},
        {"Chunked", kOk + "Transfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1\r\ni\r\n0\r\n\r\n", 200,
         "hi"},
        {"UntilClose", kOk + "\r\nhi", 200, "hi"},
        {"Http10", "HTTP/1.0 200 OK\r\n\r\nhi", 200, "hi"},
        {"NoContent", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
        {"NotModified", "HTTP/1.1 304 Not Modified\r\n\r\n", 304, ""},
        {"ContinueFirst", "HTTP/1.1 100 Continue\r\n\r\n" + kOk + "Content-Length: 2\r\n\r\nhi",
         200, "hi"},
        {"EarlyHintsFirst",
         "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + kOk +
             "Content-Length: 2\r\n\r\nhi",
         200, "hi"},
        {"NotFound", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", 404, "no"},
        {"RedirectNowhere", "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", 302, "",
         Errc::BadReply, "redirect"},
        {"ExactlyTheLimit", kOk + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x'), 200,
         std::string(1000, 'x')},
        {"LengthOverTheLimit", kOk + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'x'), 200,
         "", Errc::BadReply, "larger than 1000 bytes"},
        {"ChunksOverTheLimit",
         kOk + "Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x') +
             "\r\n0\r\n\r\n",
         200, "", Errc::BadReply, "larger than 1000 bytes"},
        {"EndlessOverTheLimit", kOk + "\r\n" + std::string(5000, 'x'), 200, "", Errc::BadReply,
         "larger than 1000 bytes"},
        {"ClosesAtOnce", "", 0, "", Errc::BadReply, "without an answer"},
        {"ClosesInTheHead", "HTTP/1.1 200 OK\r\nContent-Le", 0, "", Errc::BadReply, "middle"},
        {"ClosesInTheBody", kOk + "Content-Length: 9\r\n\r\nhi", 200, "", Errc::BadReply, "middle"},
        {"ClosesInAChunk", kOk + "Transfer-Encoding: chunked\r\n\r\n9\r\nhi", 200, "",
         Errc::BadReply, "middle"},
        {"ContinueOnly", "HTTP/1.1 100 Continue\r\n\r\n", 0, "", Errc::BadReply, "answer"},
        {"NotHttp", "220 mail.example.com ESMTP\r\n\r\n", 0, "", Errc::BadReply, "not HTTP"},
        {"GarbledStatus", "HTTP/1.1 2x0 OK\r\n\r\n", 0, "", Errc::BadReply, "not HTTP"},
        {"GarbledLength", kOk + "Content-Length: 3x\r\n\r\nabc", 0, "", Errc::BadReply, "not HTTP"},
        {"GarbledChunk", kOk + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 200, "", Errc::BadReply,
         "not HTTP"},
        {"EndlessHead", kOk + "A: " + std::string(100'000, 'x'), 0, "", Errc::BadReply, "not HTTP"},
        {"Binary", std::string("\0\xff\xfe\0\0\0\0\0\0\0\r\n\r\n", 14), 0, "", Errc::BadReply,
         "not HTTP"},
    }),
    test::case_name);

// A kept connection that dies when it is used again: the app may have closed it while our request
// was on its way.
TEST(WebhookClient, AsksAgainWhenAKeptConnectionHasDied) {
  const RawListener app;
  std::atomic<int> asked = 0;
  auto served = std::async(std::launch::async, [&] {
    const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    RawSocket first = app.accept();
    first.read_until("ApiVersion=2010-04-01");
    first.send(ok);
    first.read_until("ApiVersion=2010-04-01");  // the second webhook, on the kept connection
    ++asked;
    first.close();
    RawSocket second = app.accept();
    second.read_until("ApiVersion=2010-04-01");
    ++asked;
    second.send(ok);
  });
  WebhookFixture fixture;
  EXPECT_EQ(fixture.deliver(url_of(app.port())).http_status, 200);
  const auto outcome = fixture.deliver(url_of(app.port()));
  EXPECT_EQ(outcome.error, std::nullopt);
  EXPECT_EQ(outcome.http_status, 200);
  EXPECT_EQ(outcome.tries, 1);
  EXPECT_EQ(asked, 2);
}

TEST(WebhookClient, DoesNotAskAgainOnceAnAnswerHasBegun) {
  const RawListener app;
  auto served = std::async(std::launch::async, [&] {
    RawSocket first = app.accept();
    first.read_until("ApiVersion=2010-04-01");
    first.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    first.read_until("ApiVersion=2010-04-01");
    first.send("HTTP/1.1 2");
  });
  WebhookFixture fixture;
  EXPECT_EQ(fixture.deliver(url_of(app.port())).http_status, 200);
  const auto outcome = fixture.deliver(url_of(app.port()));
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Errc::BadReply);
}

TEST(WebhookClient, LeavesAConnectionAloneThatTheAppHasClosed) {
  const RawListener app;
  const auto answer = [&] {
    RawSocket socket = app.accept();
    socket.read_until("ApiVersion=2010-04-01");
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nunasked");
  };
  WebhookFixture fixture;
  for (int n = 0; n < 3; ++n) {
    auto served = std::async(std::launch::async, answer);
    const auto outcome = fixture.deliver(url_of(app.port()));
    EXPECT_EQ(outcome.error, std::nullopt);
    EXPECT_EQ(outcome.reply, "");
  }
}

struct RefusedCase {
  std::string name;
  std::string url;
  std::string detail;
};
void PrintTo(const RefusedCase& row, std::ostream* out) { *out << row.name; }
class RefusedUrl : public testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedUrl, IsNotCalledAndSaysWhatToAdd) {
  WebhookFixture fixture;
  const auto outcome = fixture.deliver(GetParam().url);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Errc::EgressRefused) << outcome.error->detail;
  EXPECT_THAT(outcome.error->detail, HasSubstr(GetParam().detail));
  EXPECT_EQ(outcome.tries, 0);
  EXPECT_EQ(outcome.http_status, 0);
}
INSTANTIATE_TEST_SUITE_P(
    Table, RefusedUrl,
    testing::ValuesIn(std::vector<RefusedCase>{
        {"PublicName", "https://app.example.com/in",
         "--deliver-to https://app.example.com=http://127.0.0.1:3000"},
        {"PublicNameMentionsAllow", "https://app.example.com/in", "callbacks.allow"},
        {"PublicNameWithPort", "http://u:p@app.example.com:8080/in",
         "--deliver-to http://app.example.com:8080=http://127.0.0.1:3000"},
        {"PublicAddress", "http://203.0.113.7/in",
         "203.0.113.7 is neither loopback nor private; nothing was sent. Add --deliver-to "
         "http://203.0.113.7=http://127.0.0.1:3000"},
        {"Metadata", "http://169.254.169.254/latest",
         "169.254.169.254 is link-local; nothing was sent. Add --deliver-to "
         "http://169.254.169.254=http://127.0.0.1:3000 to have it delivered to your machine"},
        {"Mapped", "http://[::ffff:169.254.169.254]/", "is link-local"},
        {"Unspecified", "http://0.0.0.0:3000/", "is unspecified"},
        {"DottedTrick", "http://127.1:3000/", "is a public name"},
        {"Ftp", "ftp://127.0.0.1/in", "only http:// and https://"},
        {"LineBreak", "http://127.0.0.1/\r\nX: y", "nothing was sent"},
    }),
    test::case_name);

TEST(WebhookClient, AdvisesToListOnlyWhatCanBeListed) {
  net::WebhookClientOptions options;
  options.allow = {"169.254.0.0/16"};
  WebhookFixture fixture(options);
  const auto never = fixture.deliver("http://169.254.169.254/latest");
  ASSERT_TRUE(never.error);
  EXPECT_THAT(never.error->detail, Not(HasSubstr("callbacks.allow")));
  const auto public_one = fixture.deliver("http://203.0.113.7/in");
  ASSERT_TRUE(public_one.error);
  EXPECT_THAT(public_one.error->detail, HasSubstr("callbacks.allow"));
}

// The operator's own --deliver-to opens no door either.
TEST(WebhookClient, JudgesTheTargetOfDeliverToAsWell) {
  net::WebhookClientOptions options;
  options.deliver_to = {{"https://app.example.com", "http://169.254.169.254"}};
  WebhookFixture fixture(options);
  const auto outcome = fixture.deliver("https://app.example.com/in");
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Errc::EgressRefused);
}

TEST(WebhookClient, CallsLocalhostWithoutALookup) {
  FakeApp app;
  WebhookFixture fixture;
  const auto outcome = fixture.deliver("http://localhost:" + std::to_string(app.port()) + "/in");
  EXPECT_EQ(outcome.http_status, 200);
  EXPECT_EQ(app.requests().at(0).get_header_value("Host"),
            "localhost:" + std::to_string(app.port()));
}

TEST(WebhookClient, RefusesOptionsThatCannotBeRead) {
  test::IoRunner io(1);
  const auto nowhere = [&] { return io.executor(); };
  net::WebhookClientOptions options;
  options.allow = {"app.example.com"};
  EXPECT_FALSE(net::WebhookClient::create(nowhere, options));
  options.allow = {};
  options.deliver_to = {{"app.example.com", "http://127.0.0.1"}};
  EXPECT_FALSE(net::WebhookClient::create(nowhere, options));
}

}  // namespace
