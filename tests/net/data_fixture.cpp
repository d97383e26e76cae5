// SPDX-License-Identifier: Apache-2.0
#include "tests/net/data_fixture.h"

namespace twindow::test {

std::string DataServerTest::told(const wire::HttpCall& call) {
  std::string text = call.method + " " + call.target + "\n";
  for (const wire::Header& header : call.headers) text += header.name + ": " + header.value + "\n";
  return text + "\n" + call.body;
}

DataServerTest::DataServerTest() { threads_.run(); }

DataServerTest::~DataServerTest() {
  server_.reset();
  threads_.stop();
}

void DataServerTest::start(net::DataServerOptions options) {
  start(std::move(options), [this](wire::HttpCall call) { return tell(std::move(call)); });
}

void DataServerTest::start(net::DataServerOptions options, wire::Handler handler) {
  auto server = net::DataServer::listen(
      threads_, std::move(options), std::move(handler),
      [this](const wire::CallLogEntry& entry) {
        const std::lock_guard lock(log_mutex_);
        log_.push_back({std::string(entry.method), std::string(entry.target), entry.status,
                        entry.bytes_in, entry.bytes_out, std::string(entry.route)});
        log_grew_.notify_all();
      },
      [](int status, std::string_view detail) {
        return wire::HttpReply{.status = status, .body = std::string(detail)};
      });
  ASSERT_TRUE(server.has_value()) << server.error().detail;
  server_ = *std::move(server);
}

net::TlsServer& DataServerTest::make_tls() {
  auto made = net::make_certificate_authority({}, clock_.now());
  EXPECT_TRUE(made.has_value());
  ca_ = *std::move(made);
  auto authority = net::CertificateAuthority::open(ca_);
  EXPECT_TRUE(authority.has_value());
  tls_ = std::make_unique<net::TlsServer>(
      [authority = *authority]() -> Result<std::shared_ptr<const net::CertificateAuthority>> {
        return authority;
      },
      [this](const std::string& why) {
        const std::lock_guard lock(log_mutex_);
        complaints_.push_back(why);
      },
      clock_);
  return *tls_;
}

void DataServerTest::start_tls(net::DataServerOptions options) {
  options.tls = &make_tls();
  options.tls_from_start = true;
  over_tls_ = true;
  start(std::move(options));
}

std::vector<std::string> DataServerTest::complaints() {
  const std::lock_guard lock(log_mutex_);
  return complaints_;
}

std::unique_ptr<RawClient> DataServerTest::connect() {
  auto client = std::make_unique<RawClient>(port());
  if (over_tls_) {
    EXPECT_EQ(client->start_tls(ca_pem(), "api.twilio.com"), "");
  }
  return client;
}

Task<wire::HttpReply> DataServerTest::tell(wire::HttpCall call) {
  ++calls_;
  wire::HttpReply reply;
  reply.headers.push_back({"Content-Type", "text/plain"});
  reply.body = told(call);
  co_return reply;
}

std::vector<Logged> DataServerTest::logged() {
  const std::lock_guard lock(log_mutex_);
  return log_;
}

bool DataServerTest::wait_for_log(std::size_t entries) {
  std::unique_lock lock(log_mutex_);
  return log_grew_.wait_for(lock, std::chrono::seconds(10), [&] { return log_.size() >= entries; });
}

std::optional<RawReply> DataServerTest::ask(std::string_view bytes) {
  const auto client = connect();
  client->send(bytes);
  return client->read_reply();
}

void DataServerTest::expect_alive() {
  const auto reply = ask("GET /alive HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(reply.has_value()) << "the server does not answer any more";
  EXPECT_EQ(reply->status, 200);
}

}  // namespace twindow::test
