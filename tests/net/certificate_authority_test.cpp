// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/certificate_authority.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "src/net/tls_openssl.h"
#include "tests/support/case_name.h"

namespace twindow::net {
namespace {

using namespace std::chrono_literals;

const Time kNow = std::chrono::sys_days(std::chrono::year(2026) / 1 / 5) + 9h;

Openssl<X509> certificate_in(const std::string& pem) {
  const Openssl<BIO> in = reader_of(pem);
  return Openssl<X509>(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

Openssl<EVP_PKEY> key_in(const std::string& pem) {
  const Openssl<BIO> in = reader_of(pem);
  return Openssl<EVP_PKEY>(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
}

// As a client does that trusts `ca` and connects to `host`: X509_V_OK or why not.
int verified(const std::string& ca, const std::string& leaf, const std::string& host,
             Time when = kNow) {
  const Openssl<X509> authority = certificate_in(ca);
  const Openssl<X509> shown = certificate_in(leaf);
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, authority.get());
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, shown.get(), nullptr);
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context);
  X509_VERIFY_PARAM_set_time(param, std::chrono::system_clock::to_time_t(when));
  X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT);
  if (X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) != 1) {
    X509_VERIFY_PARAM_set1_host(param, host.c_str(), host.size());
  }
  const int result = X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  return result;
}

CertificateAndKey made(const MorePermitted& more = {}) {
  auto pem = make_certificate_authority(more, kNow);
  EXPECT_TRUE(pem.has_value());
  return *std::move(pem);
}

std::shared_ptr<const CertificateAuthority> opened(const CertificateAndKey& pem) {
  auto authority = CertificateAuthority::open(pem);
  EXPECT_TRUE(authority.has_value()) << authority.error().detail;
  return *authority;
}

struct HostCase {
  const char* name;
  std::string host;
  bool permitted;
};

void PrintTo(const HostCase& one, std::ostream* out) { *out << one.host; }

class PermittedHosts : public testing::TestWithParam<HostCase> {};

TEST_P(PermittedHosts, AreSignedForAndOthersNot) {
  const CertificateAndKey ca = made({{"app.test"}, {"192.0.2.7", "2001:db8::7"}});
  const auto authority = opened(ca);
  const std::string& host = GetParam().host;
  EXPECT_EQ(authority->permits(host), GetParam().permitted);
  const auto leaf = authority->issue(host, kNow);
  EXPECT_EQ(leaf.has_value(), GetParam().permitted);
  if (leaf) {
    EXPECT_EQ(verified(ca.certificate, leaf->certificate, host), X509_V_OK);
    EXPECT_NE(verified(ca.certificate, leaf->certificate, "other.twilio.com"), X509_V_OK);
  }
}

INSTANTIATE_TEST_SUITE_P(Table, PermittedHosts,
                         testing::ValuesIn(std::vector<HostCase>{
                             {"Api", "api.twilio.com", true},
                             {"Edge", "api.dublin.ie1.twilio.com", true},
                             {"Twilio", "twilio.com", true},
                             {"Localhost", "localhost", true},
                             {"Twindow", "twindow", true},
                             {"More", "app.test", true},
                             {"BelowMore", "deep.app.test", true},
                             {"Loopback", "127.0.0.1", true},
                             {"OtherLoopback", "127.9.9.9", true},
                             {"Loopback6", "::1", true},
                             {"MoreIp", "192.0.2.7", true},
                             {"MoreIp6", "2001:db8::7", true},
                             {"Example", "example.com", false},
                             {"SimilarName", "nottwilio.com", false},
                             {"Suffix", "twilio.com.example.com", false},
                             {"OtherIp", "192.0.2.8", false},
                             {"OtherIp6", "2001:db8::8", false},
                             {"PublicIp", "203.0.113.1", false},
                             {"Empty", "", false},
                             {"Space", "api twilio.com", false},
                             {"Nul", std::string("api.twilio.com\0.example.com", 27), false},
                             {"Injection", "twilio.com,DNS:example.com", false},
                             {"DoubleDot", "api..twilio.com", false},
                             {"VeryLong", std::string(300, 'a') + ".twilio.com", false},
                         }),
                         test::case_name);

// Whoever steals the key can still not speak for others: clients check the constraints.
TEST(CertificateAuthority, CannotBeMadeToSignForOthersByHand) {
  const CertificateAndKey ca = made();
  const Openssl<X509> issuer = certificate_in(ca.certificate);
  const Openssl<EVP_PKEY> key = key_in(ca.key);
  for (const std::string name : {"DNS:example.com", "IP:203.0.113.1", "DNS:api.twilio.com"}) {
    const Openssl<X509> forged(X509_new());
    X509_set_version(forged.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(forged.get()), 7);
    const auto second = std::chrono::system_clock::to_time_t(kNow);
    ASN1_TIME_set(X509_getm_notBefore(forged.get()), second - 60);
    ASN1_TIME_set(X509_getm_notAfter(forged.get()), second + 3600);
    X509_set_pubkey(forged.get(), key.get());
    X509_set_issuer_name(forged.get(), X509_get_subject_name(issuer.get()));
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer.get(), forged.get(), nullptr, nullptr, 0);
    for (const auto& [kind, value] :
         {std::pair{NID_subject_alt_name, "critical," + name},
          std::pair{NID_authority_key_identifier, std::string("keyid")}}) {
      const Openssl<X509_EXTENSION> extension(
          X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
      X509_add_ext(forged.get(), extension.get(), -1);
    }
    X509_sign(forged.get(), key.get(), EVP_sha256());
    const Openssl<BIO> out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), forged.get());
    const std::string host = name.substr(name.find(':') + 1);
    const int result = verified(ca.certificate, text_of(*out), host);
    // The last one shows that nothing else is wrong with the forgery.
    EXPECT_EQ(result, host == "api.twilio.com" ? X509_V_OK : X509_V_ERR_PERMITTED_VIOLATION)
        << host;
  }
}

TEST(CertificateAuthority, IsAnEcAuthorityThatSignsNoOtherAuthorities) {
  const CertificateAndKey ca = made();
  const Openssl<X509> certificate = certificate_in(ca.certificate);
  EXPECT_EQ(X509_check_ca(certificate.get()), 1);
  EXPECT_EQ(X509_get_pathlen(certificate.get()), 0);
  EXPECT_EQ(X509_self_signed(certificate.get(), 1), 1);
  const Openssl<EVP_PKEY> key = key_in(ca.key);
  std::array<char, 64> group{};
  EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), nullptr);
  EXPECT_STREQ(group.data(), "prime256v1");
  int critical = 0;
  const Openssl<NAME_CONSTRAINTS> constraints(static_cast<NAME_CONSTRAINTS*>(
      X509_get_ext_d2i(certificate.get(), NID_name_constraints, &critical, nullptr)));
  EXPECT_EQ(critical, 1);
}

TEST(CertificateAuthority, LivesTenYearsAndItsCertificatesNinetyDays) {
  const CertificateAndKey ca = made();
  const auto authority = opened(ca);
  EXPECT_EQ(authority->expires(), kNow + std::chrono::days(3650));
  const auto leaf = authority->issue("api.twilio.com", kNow);
  ASSERT_TRUE(leaf.has_value());
  const auto at = [&](Time when) {
    return verified(ca.certificate, leaf->certificate, "api.twilio.com", when);
  };
  EXPECT_EQ(at(kNow - 23h), X509_V_OK);
  EXPECT_EQ(at(kNow + std::chrono::days(89)), X509_V_OK);
  EXPECT_EQ(at(kNow + std::chrono::days(91)), X509_V_ERR_CERT_HAS_EXPIRED);
  const auto last = authority->issue("api.twilio.com", kNow + std::chrono::days(3649));
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(verified(ca.certificate, last->certificate, "api.twilio.com",
                     kNow + std::chrono::days(3649) + 1h),
            X509_V_OK);
}

TEST(CertificateAuthority, MakesAKeyAndASerialForEach) {
  const auto authority = opened(made());
  const auto one = authority->issue("api.twilio.com", kNow);
  const auto two = authority->issue("api.twilio.com", kNow);
  ASSERT_TRUE(one && two);
  EXPECT_NE(one->key, two->key);
  EXPECT_NE(one->certificate, two->certificate);
}

TEST(CertificateAuthority, SaysWhatIsWrongWithItsFiles) {
  const CertificateAndKey ca = made();
  const auto leaf = opened(ca)->issue("localhost", kNow);
  ASSERT_TRUE(leaf.has_value());
  const auto complaint = [](const std::string& certificate, const std::string& key) {
    const auto authority = CertificateAuthority::open({certificate, key});
    return authority ? "" : authority.error().detail;
  };
  EXPECT_THAT(complaint("", ca.key), testing::HasSubstr("no PEM certificate"));
  EXPECT_THAT(complaint("garbage\n", ca.key), testing::HasSubstr("no PEM certificate"));
  EXPECT_THAT(complaint(ca.certificate, "garbage"), testing::HasSubstr("no PEM private key"));
  EXPECT_EQ(complaint(ca.certificate, made().key), "the key is not the certificate's");
  EXPECT_THAT(complaint(leaf->certificate, leaf->key), testing::HasSubstr("CA:TRUE"));
}

TEST(CertificateAuthority, IsNotMadeForWhatIsNoHost) {
  for (const MorePermitted& more : {MorePermitted{{"a b"}, {}}, MorePermitted{{"a,DNS:b"}, {}},
                                    MorePermitted{{""}, {}}, MorePermitted{{}, {"1.2.3"}}}) {
    EXPECT_FALSE(make_certificate_authority(more, kNow).has_value());
  }
}

}  // namespace
}  // namespace twindow::net
