// SPDX-License-Identifier: Apache-2.0
// https targets: a certificate made for this test is trusted only if the operator says so.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/net/webhook_fixture.h"

namespace {

using namespace twindow;
using test::WebhookFixture;

// A self-signed certificate for localhost, and the file that holds it.
class Certificate {
 public:
  explicit Certificate(long ends_after = 3600)  // seconds from now
      : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    X509_set_version(certificate_, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate_), ends_after);
    X509_set_pubkey(certificate_, key_);
    X509_NAME* name = X509_get_subject_name(certificate_);
    const auto* text = reinterpret_cast<const unsigned char*>("localhost");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate_, name);
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
    X509_add_ext(certificate_, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate_, key_, EVP_sha256());
    file_ = testing::TempDir() + "twindow-webhook-tls-" + std::to_string(::getpid()) + ".pem";
    std::FILE* out = std::fopen(file_.c_str(), "w");
    PEM_write_X509(out, certificate_);
    std::fclose(out);
  }
  ~Certificate() {
    std::filesystem::remove(file_);
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }
  EVP_PKEY* key() const { return key_; }
  X509* certificate() const { return certificate_; }
  const std::string& file() const { return file_; }

 private:
  EVP_PKEY* key_;
  X509* certificate_;
  std::string file_;
};

class TlsApp {
 public:
  explicit TlsApp(const Certificate& own) : server_(own.certificate(), own.key()) {
    server_.Post(".*", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("<Response/>", "text/xml");
    });
    server_.set_keep_alive_timeout(1);
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~TlsApp() {
    server_.stop();
    thread_.join();
  }
  std::string url(const std::string& host) const {
    return "https://" + host + ":" + std::to_string(port_) + "/in";
  }

 private:
  httplib::SSLServer server_;
  int port_ = 0;
  std::thread thread_;
};

TEST(WebhookTls, RefusesACertificateThatNobodyVouchesFor) {
  const Certificate own;
  const TlsApp app(own);
  WebhookFixture fixture;
  const auto outcome = fixture.deliver(app.url("localhost"));
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Errc::Unreachable);
  EXPECT_THAT(outcome.error->detail, testing::HasSubstr("certificate verify failed"));
  EXPECT_EQ(outcome.http_status, 0);
  EXPECT_EQ(outcome.alert_code, 11237);
}

TEST(WebhookTls, TrustsTheFileOfTheOperatorAndKeepsTheConnection) {
  const Certificate own;
  const TlsApp app(own);
  net::WebhookClientOptions options;
  options.ca_file = own.file();
  WebhookFixture fixture(options);
  for (int n = 0; n < 3; ++n) {
    const auto outcome = fixture.deliver(app.url("localhost"));
    EXPECT_EQ(outcome.http_status, 200) << outcome.error->detail;
    EXPECT_EQ(outcome.reply, "<Response/>");
  }
}

TEST(WebhookTls, RefusesACertificateForAnotherHost) {
  const Certificate own;
  const TlsApp app(own);
  net::WebhookClientOptions options;
  options.ca_file = own.file();
  WebhookFixture fixture(options);
  const auto outcome = fixture.deliver(app.url("127.0.0.1"));
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Errc::Unreachable);
  EXPECT_EQ(outcome.alert_code, 11235);
}

TEST(WebhookTls, RefusesACertificateThatHasEnded) {
  const Certificate own(-60);
  const TlsApp app(own);
  net::WebhookClientOptions options;
  options.ca_file = own.file();
  WebhookFixture fixture(options);
  const auto outcome = fixture.deliver(app.url("localhost"));
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.alert_code, 11236);
}

TEST(WebhookTls, SaysWhichFileCannotBeRead) {
  net::WebhookClientOptions options;
  options.ca_file = "/nowhere/ca.pem";
  WebhookFixture fixture(options);
  const auto outcome = fixture.deliver("https://127.0.0.1:1/in");
  ASSERT_TRUE(outcome.error);
  EXPECT_THAT(outcome.error->detail, testing::HasSubstr("/nowhere/ca.pem"));
}

}  // namespace
