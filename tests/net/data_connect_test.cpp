// SPDX-License-Identifier: Apache-2.0
// CONNECT: our own TLS for the hosts we stand for, a tunnel for those that are listed, 403 else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/data_fixture.h"
#include "tests/net/raw_socket.h"
#include "tests/support/case_name.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using net::ConnectDecision;
using testing::HasSubstr;

std::string connect_to(const std::string& target, const std::string& version = "1.1") {
  const std::string host = version == "1.1" ? "Host: " + target + "\r\n" : "";
  return "CONNECT " + target + " HTTP/" + version + "\r\n" + host + "\r\n";
}

// Serves *.twilio.com, opens tunnels to this machine, refuses the rest.
class DataConnect : public DataServerTest {
 protected:
  void start_proxy(net::DataServerOptions options = {}) {
    options.tls = &make_tls();
    options.connect = [this](std::string_view host, std::uint16_t to) {
      {
        const std::lock_guard lock(log_mutex_);
        asked_.emplace_back(std::string(host), to);
      }
      if (host.ends_with(".twilio.com")) return ConnectDecision{ConnectDecision::What::Serve};
      if (host == "127.0.0.1" || host == "localhost" || host == "::1" ||
          host == "169.254.169.254") {
        return ConnectDecision{ConnectDecision::What::Tunnel};
      }
      return ConnectDecision{ConnectDecision::What::Refuse, "Not \"" + std::string(host) + "\"."};
    };
    start(std::move(options));
  }

  std::vector<std::pair<std::string, std::uint16_t>> asked_;
};

TEST_F(DataConnect, EndsTheTlsOfTheHostsWeStandFor) {
  start_proxy();
  for (const std::string version : {"1.1", "1.0"}) {
    RawClient client(port());
    client.send(connect_to("api.dublin.ie1.twilio.com:443", version));
    const auto opened = client.read_line();
    EXPECT_EQ(opened, "HTTP/1.1 200 Connection established");
    EXPECT_EQ(client.read_line(), "");
    ASSERT_EQ(client.start_tls(ca_pem(), "api.dublin.ie1.twilio.com"), "");
    for (int i = 0; i < 2; ++i) {
      client.send("GET /a HTTP/1.1\r\nHost: api.dublin.ie1.twilio.com\r\n\r\n");
      const auto reply = client.read_reply();
      ASSERT_TRUE(reply.has_value());
      EXPECT_EQ(reply->status, 200);
    }
  }
  ASSERT_TRUE(wait_for_log(6));
  EXPECT_EQ(logged()[0].method, "CONNECT");
  EXPECT_EQ(logged()[0].target, "api.dublin.ie1.twilio.com:443");
  EXPECT_EQ(logged()[0].status, 200);
  EXPECT_EQ(asked_[0], std::pair(std::string("api.dublin.ie1.twilio.com"), std::uint16_t{443}));
}

// The certificate is for the host of CONNECT when the client names none in TLS.
TEST_F(DataConnect, KnowsTheHostWithoutSni) {
  std::string seen;
  net::DataServerOptions options;
  options.tls = &make_tls();
  options.connect = [](std::string_view, std::uint16_t) {
    return ConnectDecision{ConnectDecision::What::Serve};
  };
  start(std::move(options), [&](wire::HttpCall call) -> Task<wire::HttpReply> {
    seen = call.server_name;
    co_return wire::HttpReply{.status = 204};
  });
  RawClient client(port());
  client.send(connect_to("127.0.0.1:443"));
  EXPECT_EQ(client.read_line(), "HTTP/1.1 200 Connection established");
  EXPECT_EQ(client.read_line(), "");
  ASSERT_EQ(client.start_tls(ca_pem(), ""), "");
  client.send("GET /a HTTP/1.1\r\nHost: elsewhere\r\n\r\n");
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 204);
  EXPECT_EQ(seen, "127.0.0.1");
}

TEST_F(DataConnect, IsNoProxyInsideItself) {
  start_proxy();
  RawClient client(port());
  client.send(connect_to("api.twilio.com:443"));
  client.read_line();
  client.read_line();
  ASSERT_EQ(client.start_tls(ca_pem(), "api.twilio.com"), "");
  client.send(connect_to("api.twilio.com:443"));
  EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 405);
  EXPECT_TRUE(client.at_end());
}

TEST_F(DataConnect, RefusesOtherHostsWithTheReason) {
  start_proxy();
  const auto reply = ask(connect_to("example.com:443"));
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, 403);
  EXPECT_EQ(reply->body, "Not \"example.com\".");
  EXPECT_THAT(reply->header("Proxy-Status"), HasSubstr("details=\"Not 'example.com'.\""));
  expect_alive();
}

struct BadConnect {
  const char* name;
  std::string bytes;
  int status;
};

void PrintTo(const BadConnect& one, std::ostream* out) { *out << one.name; }

class BadConnects : public DataConnect, public testing::WithParamInterface<BadConnect> {};

TEST_P(BadConnects, AreRefused) {
  start_proxy();
  RawClient client(port());
  client.send(GetParam().bytes);
  const auto reply = client.read_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, GetParam().status) << reply->body;
  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(asked_.empty() || GetParam().status == 403);
  expect_alive();
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadConnects,
    testing::ValuesIn(std::vector<BadConnect>{
        {"NoPort", "CONNECT api.twilio.com HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"EmptyPort", "CONNECT api.twilio.com: HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"PortZero", "CONNECT api.twilio.com:0 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"HugePort", "CONNECT api.twilio.com:65536 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"NoHost", "CONNECT :443 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"Path", "CONNECT /a HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"Url", "CONNECT https://api.twilio.com:443/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"Userinfo", "CONNECT u@api.twilio.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"Star", "CONNECT * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        {"NoHostHeader", "CONNECT api.twilio.com:443 HTTP/1.1\r\n\r\n", 400},
        {"TwoHosts", "CONNECT api.twilio.com:443 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"Body", "CONNECT api.twilio.com:443 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab",
         400},
        {"Chunked",
         "CONNECT api.twilio.com:443 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
         400},
        {"BytesBeforeTheAnswer",
         "CONNECT api.twilio.com:443 HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n\r\n", 400},
        {"LowerCase", "connect api.twilio.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", 501},
        {"OtherHost", "CONNECT twilio.com.example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", 403},
    }),
    case_name);

TEST_F(DataConnect, OpensATunnelToAListedHost) {
  start_proxy();
  const RawListener host;
  RawClient client(port());
  client.send(connect_to("127.0.0.1:" + std::to_string(host.port())));
  RawSocket far = host.accept();
  EXPECT_EQ(client.read_line(), "HTTP/1.1 200 Connection established");
  EXPECT_EQ(client.read_line(), "");
  client.send("hello\r\n");
  EXPECT_EQ(far.read_until("\r\n"), "hello\r\n");
  const std::string much(300'000, 'm');
  std::thread sender([&] { far.send(much + "\r\n"); });
  EXPECT_EQ(client.read_line(), much);
  sender.join();
  // An end on one side leaves the other way open.
  client.finish_sending();
  EXPECT_TRUE(far.at_end());
  far.send("late\r\n");
  EXPECT_EQ(client.read_line(), "late");
  far.close();
  EXPECT_TRUE(client.at_end());
}

TEST_F(DataConnect, ClosesASilentTunnel) {
  net::DataServerOptions options;
  options.idle_time = 200ms;
  start_proxy(options);
  const RawListener host;
  RawClient client(port());
  client.send(connect_to("127.0.0.1:" + std::to_string(host.port())));
  RawSocket far = host.accept();
  EXPECT_TRUE(far.at_end());
  client.read_line();
  client.read_line();
  EXPECT_TRUE(client.at_end());
}

TEST_F(DataConnect, SaysThatATunnelsHostIsNotThere) {
  start_proxy();
  RawListener host;
  const auto nobody = host.port();
  host.close();
  const auto reply = ask(connect_to("127.0.0.1:" + std::to_string(nobody)));
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, 502);
  EXPECT_THAT(reply->body, HasSubstr("cannot be reached"));
}

TEST_F(DataConnect, LeadsNobodyToAMetadataService) {
  start_proxy();
  const auto reply = ask(connect_to("169.254.169.254:80"));
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, 502);
  EXPECT_THAT(reply->body, HasSubstr("link-local"));
}

TEST_F(DataConnect, EndsTunnelsWhenTheServerDrains) {
  start_proxy();
  const RawListener host;
  RawClient client(port());
  client.send(connect_to("127.0.0.1:" + std::to_string(host.port())));
  RawSocket far = host.accept();
  client.read_line();
  server_->drain(100ms);
  EXPECT_TRUE(far.at_end());
  EXPECT_EQ(server_->connections(), 0u);
}

}  // namespace
}  // namespace twindow::test
