// SPDX-License-Identifier: Apache-2.0
// The upstream over TLS: whom it trusts, what it asks for, and what it remembers.
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include "twindow/base/clock.h"
#include "twindow/net/certificate_authority.h"

#include "tests/net/raw_socket.h"
#include "tests/net/upstream_fixture.h"

namespace twindow::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using wire::UpstreamFault;

// One connection at a time, each answered as many times as it is asked.
class TlsServer {
 public:
  struct Seen {
    bool resumed = false;
    std::string name;
    std::string protocol;
    std::string request;
  };

  TlsServer(const net::CertificateAndKey& leaf, bool says_goodbye = true)
      : context_(SSL_CTX_new(TLS_server_method())), says_goodbye_(says_goodbye) {
    BIO* pem = BIO_new_mem_buf(leaf.certificate.data(), static_cast<int>(leaf.certificate.size()));
    X509* own = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context_, own);
    while (X509* next = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr)) {
      SSL_CTX_add_extra_chain_cert(context_, next);
    }
    X509_free(own);
    BIO_free(pem);
    pem = BIO_new_mem_buf(leaf.key.data(), static_cast<int>(leaf.key.size()));
    EVP_PKEY* key = PEM_read_bio_PrivateKey(pem, nullptr, nullptr, nullptr);
    SSL_CTX_use_PrivateKey(context_, key);
    EVP_PKEY_free(key);
    BIO_free(pem);
    SSL_CTX_set_session_id_context(context_, reinterpret_cast<const unsigned char*>("t"), 1);
    SSL_CTX_set_alpn_select_cb(
        context_,
        [](SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
           unsigned, void*) {
          *chosen = offered + 1;
          *size = offered[0];
          return SSL_TLSEXT_ERR_OK;
        },
        nullptr);
  }
  ~TlsServer() {
    ::shutdown(listener_.descriptor(), SHUT_RDWR);
    thread_.join();
    SSL_CTX_free(context_);
  }

  // `answer` to each request; with `once` the connection ends after it.
  void run(std::string answer, bool once) {
    thread_ = std::thread([this, answer = std::move(answer), once] {
      while (true) {
        RawSocket socket = listener_.accept();
        if (socket.descriptor() < 0) return;
        serve(socket.descriptor(), answer, once);
      }
    });
  }

  std::uint16_t port() const { return listener_.port(); }
  std::vector<Seen> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }

 private:
  void serve(int descriptor, const std::string& answer, bool once) {
    SSL* ssl = SSL_new(context_);
    SSL_set_fd(ssl, descriptor);
    std::string request(4096, '\0');
    if (SSL_accept(ssl) == 1) {
      while (true) {
        const int bytes = SSL_read(ssl, request.data(), static_cast<int>(request.size()));
        if (bytes <= 0) break;
        note(ssl, request.substr(0, static_cast<std::size_t>(bytes)));
        SSL_write(ssl, answer.data(), static_cast<int>(answer.size()));
        if (once) break;
      }
      if (says_goodbye_) SSL_shutdown(ssl);
    }
    SSL_free(ssl);
  }

  void note(SSL* ssl, std::string request) {
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    const unsigned char* protocol = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl, &protocol, &size);
    const std::lock_guard lock(mutex_);
    seen_.push_back({SSL_session_reused(ssl) == 1, name == nullptr ? "" : name,
                     std::string(reinterpret_cast<const char*>(protocol), size),
                     std::move(request)});
  }

  RawListener listener_;
  SSL_CTX* context_;
  bool says_goodbye_;
  std::mutex mutex_;
  std::vector<Seen> seen_;
  std::thread thread_;
};

class UpstreamTls : public UpstreamTest {
 protected:
  UpstreamTls() {
    ca_ = *net::make_certificate_authority({}, SystemClock().now());
    file_ = testing::TempDir() + "twindow-upstream-tls-" + std::to_string(::getpid()) + ".pem";
    std::ofstream(file_) << ca_.certificate;
  }
  ~UpstreamTls() override { std::filesystem::remove(file_); }

  net::CertificateAndKey leaf(const std::string& host) {
    return *(*net::CertificateAuthority::open(ca_))->issue(host, SystemClock().now());
  }
  void connect_as(const std::string& host, std::uint16_t port, bool trusts = true) {
    net::UpstreamOptions options;
    if (trusts) options.ca_file = file_;
    connect_to({.tls = true, .host = host, .port = port}, std::move(options));
  }

  net::CertificateAndKey ca_;
  std::string file_;
};

const std::string kOk = ScriptedUpstream::ok("fine");
const std::string kLast = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4\r\n\r\nfine";

TEST_F(UpstreamTls, AsksForTheNameAndForHttp) {
  TlsServer server(leaf("localhost"));
  server.run(kOk, false);
  connect_as("localhost", server.port());
  for (int n = 0; n < 3; ++n) {
    const auto reply = result_of(begin_on_strand(post()));
    ASSERT_TRUE(reply) << reply.error().detail;
    EXPECT_EQ(read(*reply).bytes, "fine");
    client_.reset();
    connect_as("localhost", server.port());
  }
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].name, "localhost");
  EXPECT_EQ(seen[0].protocol, "http/1.1");
  EXPECT_THAT(seen[0].request, HasSubstr("\r\nHost: api.twilio.com\r\n"));
}

TEST_F(UpstreamTls, ResumesItsSessions) {
  TlsServer server(leaf("localhost"));
  server.run(kLast, true);
  connect_as("localhost", server.port());
  for (int n = 0; n < 4; ++n) {
    const auto reply = exchange(post());
    ASSERT_TRUE(reply) << reply.error().detail;
  }
  const auto seen = server.seen();
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_FALSE(seen[0].resumed);
  for (int n = 1; n < 4; ++n) EXPECT_TRUE(seen[static_cast<std::size_t>(n)].resumed) << n;
}

TEST_F(UpstreamTls, AcceptsAnAddressThatTheCertificateIsFor) {
  TlsServer server(leaf("127.0.0.1"));
  server.run(kLast, true);
  connect_as("127.0.0.1", server.port());
  const auto reply = exchange(post());
  ASSERT_TRUE(reply) << reply.error().detail;
  EXPECT_EQ(server.seen().at(0).name, "");
}

TEST_F(UpstreamTls, RefusesWhomNobodyVouchesFor) {
  TlsServer server(leaf("localhost"));
  server.run(kLast, true);
  connect_as("localhost", server.port(), false);
  const auto reply = exchange(post());
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().fault, UpstreamFault::NotTrusted);
  EXPECT_FALSE(reply.error().may_have_arrived);
  EXPECT_THAT(reply.error().detail, HasSubstr("certificate"));
  EXPECT_EQ(server.seen().size(), 0u) << "not a byte of the request";
}

TEST_F(UpstreamTls, RefusesACertificateForAnotherHost) {
  TlsServer server(leaf("api.twilio.com"));
  server.run(kLast, true);
  connect_as("localhost", server.port());
  const auto reply = exchange(post());
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().fault, UpstreamFault::NotTrusted);
  EXPECT_THAT(reply.error().detail, HasSubstr("ostname mismatch"));
}

TEST_F(UpstreamTls, RefusesClearText) {
  start_with({ScriptedUpstream::send(kLast), ScriptedUpstream::close()});
  const RawListener listener;
  connect_as("localhost", listener.port());
  auto reply = begin(post());
  {
    RawSocket socket = listener.accept();
    socket.read_bytes(1);
    socket.send("HTTP/1.1 400 Bad Request\r\n\r\n");
  }
  const auto got = result_of(std::move(reply));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().fault, UpstreamFault::NotTrusted);
  EXPECT_FALSE(got.error().may_have_arrived);
}

TEST_F(UpstreamTls, TakesABodyToTheCloseOnlyWithAGoodbye) {
  for (const bool goodbye : {true, false}) {
    TlsServer server(leaf("localhost"), goodbye);
    server.run("HTTP/1.1 200 OK\r\n\r\nall of it?", true);
    connect_as("localhost", server.port());
    const auto reply = exchange(get());
    if (!reply) {
      EXPECT_FALSE(goodbye) << reply.error().detail;
      continue;
    }
    EXPECT_EQ(read(*reply).broke, !goodbye);
  }
}

TEST_F(UpstreamTls, SaysWhichFileCannotBeRead) {
  const auto made = net::UpstreamClient::create(threads_, {.ca_file = "/nowhere/ca.pem"});
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().detail, HasSubstr("/nowhere/ca.pem"));
}

}  // namespace
}  // namespace twindow::test
