// SPDX-License-Identifier: Apache-2.0
// The data plane over TLS: certificates by name, and the same HTTP inside.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/net/data_fixture.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::string kGet = "GET /a HTTP/1.1\r\nHost: api.twilio.com\r\n\r\n";

using DataTls = DataServerTest;

TEST_F(DataTls, AnswersUnderEveryNameItMay) {
  start_tls();
  for (const std::string name : {"api.twilio.com", "content.twilio.com", "API.Twilio.com",
                                 "api.dublin.ie1.twilio.com", "localhost", "twindow", ""}) {
    RawClient client(port());
    ASSERT_EQ(client.start_tls(ca_pem(), name), "") << name;
    EXPECT_EQ(client.protocol(), "http/1.1");
    client.send(kGet);
    EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 200) << name;
  }
  EXPECT_THAT(complaints(), testing::IsEmpty());
}

TEST_F(DataTls, TellsTheHandlerTheNameThatWasAskedFor) {
  std::mutex mutex;
  std::vector<std::pair<bool, std::string>> seen;
  net::DataServerOptions options;
  options.tls = &make_tls();
  options.tls_from_start = true;
  start(std::move(options), [&](wire::HttpCall call) -> Task<wire::HttpReply> {
    {
      const std::lock_guard lock(mutex);
      seen.emplace_back(call.tls, call.server_name);
    }
    co_return wire::HttpReply{.status = 204};
  });
  for (const std::string name : {"Content.twilio.com", ""}) {
    RawClient client(port());
    ASSERT_EQ(client.start_tls(ca_pem(), name), "");
    client.send(kGet);
    EXPECT_EQ(client.read_reply().value_or(RawReply{}).status, 204);
  }
  EXPECT_THAT(seen, testing::ElementsAre(std::pair(true, "content.twilio.com"),
                                         std::pair(true, "127.0.0.1")));
}

TEST_F(DataTls, RefusesANameThatIsNotItsOwn) {
  start_tls();
  RawClient client(port());
  EXPECT_THAT(client.start_tls(ca_pem(), "example.com"), HasSubstr("unrecognized name"));
  ASSERT_EQ(complaints().size(), 1u);
  EXPECT_THAT(complaints()[0], HasSubstr("example.com"));
  expect_alive();
}

TEST_F(DataTls, SaysThatAClientDoesNotTrustIt) {
  start_tls();
  const auto other = net::make_certificate_authority({}, clock_.now());
  ASSERT_TRUE(other.has_value());
  RawClient client(port());
  EXPECT_NE(client.start_tls(other->certificate, "api.twilio.com"), "");
  client.close();
  expect_alive();  // and by then the alert was read
  for (int i = 0; i < 100 && complaints().empty(); ++i) expect_alive();
  ASSERT_FALSE(complaints().empty());
  EXPECT_THAT(complaints()[0], HasSubstr("twindow ca export"));
}

TEST_F(DataTls, TellsAClientThatSpeaksNoTls) {
  start_tls();
  for (const std::string_view bytes : {"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                                       "CONNECT api.twilio.com:443 HTTP/1.1\r\nHost: x\r\n\r\n"}) {
    RawClient client(port());
    client.send(bytes);
    const auto reply = client.read_reply();
    ASSERT_TRUE(reply.has_value()) << bytes;
    EXPECT_EQ(reply->status, 400);
    EXPECT_THAT(reply->body, HasSubstr("TLS"));
  }
  EXPECT_EQ(calls_, 0);
}

TEST_F(DataTls, SurvivesBytesThatAreNothing) {
  start_tls();
  for (const std::string& bytes : {std::string("\0\0\0\0\0\0\0\0", 8),
                                   std::string("\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10),
                                   std::string(20'000, '\xff'), std::string("\x16\x03\x01", 3)}) {
    RawClient client(port());
    client.send(bytes);
    client.finish_sending();
    client.read_to_end();
  }
  expect_alive();
}

TEST_F(DataTls, KeepsTheConnectionAndThePipeline) {
  start_tls();
  const auto client = connect();
  client->send(kGet + kGet);
  EXPECT_EQ(client->read_reply().value_or(RawReply{}).status, 200);
  EXPECT_EQ(client->read_reply().value_or(RawReply{}).status, 200);
  client->send("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n");
  client->send("abc");
  const auto reply = client->read_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_THAT(reply->body, HasSubstr("\n\nabc"));
  EXPECT_EQ(calls_, 3);
}

TEST_F(DataTls, CarriesBodiesOfManyRecordsBothWays) {
  start_tls();
  const auto client = connect();
  const std::string body(700'000, 'b');
  ASSERT_TRUE(client->send("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 700000\r\n\r\n" + body));
  const auto reply = client->read_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, 200);
  EXPECT_TRUE(reply->body.ends_with("\n\n" + body));
}

TEST_F(DataTls, CarriesChunksAndContinue) {
  start_tls();
  const auto client = connect();
  client->send(
      "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client->read_reply().value_or(RawReply{}).status, 100);
  client->send("3\r\nabc\r\n");
  client->send("0\r\n\r\n");
  const auto reply = client->read_reply();
  ASSERT_TRUE(reply.has_value());
  EXPECT_TRUE(reply->body.ends_with("\n\nabc"));
}

TEST_F(DataTls, ServesAParkedConnectionAgain) {
  net::DataServerOptions options;
  options.idle_time = 2s;  // parked after a quarter
  start_tls(options);
  const auto client = connect();
  client->send(kGet);
  ASSERT_TRUE(client->read_reply().has_value());
  EXPECT_TRUE(client->stays_silent_for(800ms));
  client->send(kGet);
  EXPECT_EQ(client->read_reply().value_or(RawReply{}).status, 200);
  EXPECT_TRUE(client->at_end());  // after idle_time, in order
}

TEST_F(DataTls, DrainsWithIdleClientsAtOnce) {
  start_tls();
  const auto client = connect();
  client->send(kGet);
  ASSERT_TRUE(client->read_reply().has_value());
  const auto begun = std::chrono::steady_clock::now();
  server_->drain(10s);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  EXPECT_TRUE(client->at_end());
}

TEST_F(DataTls, DrainsWithClientsThatNeverShakeHands) {
  start_tls();
  RawClient silent(port());
  RawClient halfway(port());
  halfway.send("\x16\x03\x01");
  expect_alive();  // by then both were accepted
  const auto begun = std::chrono::steady_clock::now();
  server_->drain(10s);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  EXPECT_TRUE(silent.at_end());
}

TEST_F(DataTls, SignsWithTheNewAuthorityOnceThereIsOne) {
  std::mutex mutex;
  std::shared_ptr<const net::CertificateAuthority> current;
  const auto renew = [&] {
    ca_ = *net::make_certificate_authority({}, clock_.now());
    const std::lock_guard lock(mutex);
    current = *net::CertificateAuthority::open(ca_);
  };
  renew();
  net::TlsServer tls(
      [&]() -> Result<std::shared_ptr<const net::CertificateAuthority>> {
        const std::lock_guard lock(mutex);
        return current;
      },
      [](const std::string&) {}, clock_);
  net::DataServerOptions options;
  options.tls = &tls;
  options.tls_from_start = true;
  start(std::move(options));
  const std::string old = ca_pem();
  {
    RawClient client(port());
    EXPECT_EQ(client.start_tls(old, "api.twilio.com"), "");
  }
  renew();
  RawClient with_new(port());
  EXPECT_EQ(with_new.start_tls(ca_pem(), "api.twilio.com"), "");
  RawClient with_old(port());
  EXPECT_NE(with_old.start_tls(old, "api.twilio.com"), "");
  server_.reset();
}

TEST_F(DataTls, SaysWhyThereIsNoAuthority) {
  net::TlsServer tls(
      []() -> Result<std::shared_ptr<const net::CertificateAuthority>> {
        return fail(Errc::Unavailable, "/nowhere/ca.key: Permission denied");
      },
      [this](const std::string& why) {
        const std::lock_guard lock(log_mutex_);
        complaints_.push_back(why);
      },
      clock_);
  net::DataServerOptions options;
  options.tls = &tls;
  options.tls_from_start = true;
  start(std::move(options));
  ca_ = *net::make_certificate_authority({}, clock_.now());
  RawClient client(port());
  EXPECT_NE(client.start_tls(ca_pem(), "api.twilio.com"), "");
  ASSERT_FALSE(complaints().empty());
  EXPECT_THAT(complaints()[0], HasSubstr("/nowhere/ca.key"));
  server_.reset();
}

}  // namespace
}  // namespace twindow::test
