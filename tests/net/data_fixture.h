// SPDX-License-Identifier: Apache-2.0
// A DataServer on a free port whose handler tells what it was called with.
#pragma once

#include <atomic>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "twindow/net/data_server.h"

#include "tests/net/raw_client.h"

namespace twindow::test {

// Whatever a call log entry said, kept.
struct Logged {
  std::string method;
  std::string target;
  int status = 0;
  std::size_t bytes_in = 0;
  std::size_t bytes_out = 0;
  std::string route = {};
};

class DataServerTest : public testing::Test {
 public:
  // "POST /a?b\nHost: x\n\nbody": method and target, a line per header, an empty line, the body.
  static std::string told(const wire::HttpCall& call);

 protected:
  DataServerTest();
  ~DataServerTest() override;

  void start(net::DataServerOptions options = {});
  void start(net::DataServerOptions options, wire::Handler handler);
  // Before start(): what a TlsServer of ca_ gives.
  net::TlsServer& make_tls();
  // Answers 200 with told(call) and counts.
  Task<wire::HttpReply> tell(wire::HttpCall call);
  std::vector<Logged> logged();
  // An answer may be read before it is logged.
  bool wait_for_log(std::size_t entries);
  std::uint16_t port() const { return server_->endpoint().port; }
  // A server that speaks TLS, with an authority of its own.
  void start_tls(net::DataServerOptions options = {});
  // Its authority's certificate.
  const std::string& ca_pem() const { return ca_.certificate; }
  std::vector<std::string> complaints();
  // On a TLS server: hands shaken.
  std::unique_ptr<RawClient> connect();
  // Sends `bytes` on a new connection and reads one answer.
  std::optional<RawReply> ask(std::string_view bytes);
  void expect_alive();

  std::atomic<int> calls_ = 0;
  std::mutex log_mutex_;
  std::condition_variable log_grew_;
  std::vector<Logged> log_;
  std::vector<std::string> complaints_;
  const SystemClock clock_;
  net::CertificateAndKey ca_;
  bool over_tls_ = false;
  net::IoThreads threads_{2};
  std::unique_ptr<net::TlsServer> tls_;
  std::unique_ptr<net::DataServer> server_;
};

}  // namespace twindow::test
