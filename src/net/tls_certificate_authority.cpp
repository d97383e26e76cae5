// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>
#include <vector>

#include <boost/asio/ip/address.hpp>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include "twindow/net/certificate_authority.h"

#include "src/net/bytes.h"
#include "src/net/tls_openssl.h"

namespace twindow::net {

namespace {

using std::chrono::days;
using std::chrono::seconds;

constexpr days kLifeOfAuthority{3650};
constexpr days kLifeOfLeaf{90};
constexpr days kEarlier{1};                 // the other machine's clock may be behind ours
constexpr std::size_t kCommonNameMax = 64;  // X.520's ub-common-name
constexpr std::size_t kHostNameMax = 253;   // RFC 1035

bool is_host_name(std::string_view text) {
  return !text.empty() && text.size() <= kHostNameMax && all_of_class(text, kHostByte) &&
         !text.starts_with('.') && text.find("..") == std::string_view::npos;
}

std::optional<boost::asio::ip::address> ip_of(std::string_view text) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(text), error);
  if (error) return std::nullopt;
  return address;
}

std::vector<unsigned char> bytes_of(const boost::asio::ip::address& address) {
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    return {bytes.begin(), bytes.end()};
  }
  const auto bytes = address.to_v6().to_bytes();
  return {bytes.begin(), bytes.end()};
}

Openssl<EVP_PKEY> new_key() { return Openssl<EVP_PKEY>(must(EVP_EC_gen("P-256"))); }

void set_name(X509_NAME* name, const char* field, std::string_view text) {
  must(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(text.data()),
                                  static_cast<int>(text.size()), -1, 0));
}

void set_times(X509& certificate, Time from, Time until) {
  const auto in_seconds = [](Time time) {
    return std::chrono::floor<seconds>(time).time_since_epoch().count();
  };
  must(ASN1_TIME_set(X509_getm_notBefore(&certificate), in_seconds(from)));
  must(ASN1_TIME_set(X509_getm_notAfter(&certificate), in_seconds(until)));
}

Openssl<X509> blank_certificate() {
  Openssl<X509> certificate(must(X509_new()));
  must(X509_set_version(certificate.get(), X509_VERSION_3));
  std::array<unsigned char, 16> serial{};
  must(RAND_bytes(serial.data(), serial.size()) == 1);
  serial[0] &= 0x7F;  // positive
  serial[0] |= 0x40;  // and never shorter
  BIGNUM* number = must(BN_bin2bn(serial.data(), serial.size(), nullptr));
  must(BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get())));
  BN_free(number);
  return certificate;
}

void add_extension(X509& certificate, X509& issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Openssl<X509_EXTENSION> extension(
      must(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())));
  must(X509_add_ext(&certificate, extension.get(), -1));
}

// A key that somebody brought may be unable to.
Result<void> sign(X509& certificate, EVP_PKEY& key) {
  // The Edwards curves hash by themselves.
  const bool hashes_itself =
      EVP_PKEY_is_a(&key, "ED25519") == 1 || EVP_PKEY_is_a(&key, "ED448") == 1;
  if (X509_sign(&certificate, &key, hashes_itself ? nullptr : EVP_sha256()) > 0) return {};
  return fail(Errc::Internal, "the CA's key cannot sign: " + openssl_error());
}

std::string certificate_text(X509& certificate) {
  const Openssl<BIO> memory(must(BIO_new(BIO_s_mem())));
  must(PEM_write_bio_X509(memory.get(), &certificate));
  return text_of(*memory);
}

std::string key_text(EVP_PKEY& key) {
  const Openssl<BIO> memory(must(BIO_new(BIO_s_mem())));
  must(PEM_write_bio_PKCS8PrivateKey(memory.get(), &key, nullptr, nullptr, 0, nullptr, nullptr));
  return text_of(*memory);
}

// No terminal is asked for the password of a key.
int no_password(char*, int, int, void*) { return -1; }

// As X509V3_EXT_conf_nid reads it.
Result<std::string> constraints_text(const MorePermitted& more) {
  std::string text =
      "critical,permitted;DNS:twilio.com,permitted;DNS:localhost,permitted;DNS:twindow,"
      "permitted;IP:127.0.0.0/255.0.0.0,"
      "permitted;IP:0:0:0:0:0:0:0:1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
  for (const std::string& name : more.names) {
    if (!is_host_name(name)) return fail(Errc::BadInput, "\"" + name + "\" is no host name");
    text += ",permitted;DNS:" + name;
  }
  for (const std::string& ip : more.ips) {
    const auto address = ip_of(ip);
    if (!address) return fail(Errc::BadInput, "\"" + ip + "\" is no IP address");
    text += ",permitted;IP:" + address->to_string() +
            (address->is_v4() ? "/255.255.255.255" : "/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  }
  return text;
}

// Nothing if the host is neither a name nor an address.
Openssl<GENERAL_NAMES> names_of(std::string_view host) {
  const auto address = ip_of(host);
  if (!address && !is_host_name(host)) return nullptr;
  GENERAL_NAME* name = must(GENERAL_NAME_new());
  if (address) {
    const auto bytes = bytes_of(*address);
    ASN1_OCTET_STRING* value = must(ASN1_OCTET_STRING_new());
    must(ASN1_OCTET_STRING_set(value, bytes.data(), static_cast<int>(bytes.size())));
    GENERAL_NAME_set0_value(name, GEN_IPADD, value);
  } else {
    ASN1_IA5STRING* value = must(ASN1_IA5STRING_new());
    must(ASN1_STRING_set(value, host.data(), static_cast<int>(host.size())));
    GENERAL_NAME_set0_value(name, GEN_DNS, value);
  }
  Openssl<GENERAL_NAMES> names(must(sk_GENERAL_NAME_new_null()));
  must(sk_GENERAL_NAME_push(names.get(), name));
  return names;
}

std::vector<Openssl<X509>> certificates_in(const std::string& text) {
  const Openssl<BIO> in = reader_of(text);
  std::vector<Openssl<X509>> certificates;
  while (X509* next = PEM_read_bio_X509(in.get(), nullptr, no_password, nullptr)) {
    certificates.emplace_back(next);
  }
  ERR_clear_error();  // of the end
  return certificates;
}

Time time_of(const ASN1_TIME& text) {
  std::tm parts{};
  must(ASN1_TIME_to_tm(&text, &parts));
  using namespace std::chrono;
  const year_month_day day(year(parts.tm_year + 1900),
                           month(static_cast<unsigned>(parts.tm_mon) + 1),
                           std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
  return sys_days(day) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

}  // namespace

struct CertificateAuthority::Parts {
  std::string pem = {};
  std::string chain = {};  // what a client lacks: all but the root
  Openssl<X509> certificate = {};
  Openssl<EVP_PKEY> key = {};
  Openssl<NAME_CONSTRAINTS> constraints = {};
  Time expires = {};
};

Result<CertificateAndKey> make_certificate_authority(const MorePermitted& more, Time now) {
  const std::string constraints = TWINDOW_TRY(constraints_text(more));
  const Openssl<EVP_PKEY> key = new_key();
  const Openssl<X509> certificate = blank_certificate();
  X509& made = *certificate;
  set_times(made, now - kEarlier, now + kLifeOfAuthority);
  must(X509_set_pubkey(&made, key.get()));
  set_name(X509_get_subject_name(&made), "O", "Twindow");
  // Each has its own name: a browser that knows an older one of the same name rejects the newer.
  const auto second = std::chrono::floor<seconds>(now).time_since_epoch().count();
  set_name(X509_get_subject_name(&made), "CN", "Twindow CA " + std::to_string(second));
  must(X509_set_issuer_name(&made, X509_get_subject_name(&made)));
  add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(made, made, NID_subject_key_identifier, "hash");
  add_extension(made, made, NID_name_constraints, constraints);
  TWINDOW_TRY(sign(made, *key));
  return CertificateAndKey{certificate_text(made), key_text(*key)};
}

CertificateAuthority::CertificateAuthority(std::unique_ptr<Parts> parts)
    : parts_(std::move(parts)) {}

CertificateAuthority::~CertificateAuthority() = default;

Result<std::shared_ptr<const CertificateAuthority>> CertificateAuthority::open(
    const CertificateAndKey& pem) {
  auto parts = std::make_unique<Parts>();
  auto certificates = certificates_in(pem.certificate);
  if (certificates.empty()) return fail(Errc::BadInput, "there is no PEM certificate in it");
  const Openssl<BIO> in = reader_of(pem.key);
  parts->key.reset(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr));
  if (parts->key == nullptr) {
    return fail(Errc::BadInput,
                "the key is no PEM private key without a password (" + openssl_error() + ")");
  }
  X509& authority = *certificates.front();
  if (X509_check_private_key(&authority, parts->key.get()) != 1) {
    ERR_clear_error();
    return fail(Errc::BadInput, "the key is not the certificate's");
  }
  if (X509_check_ca(&authority) != 1) {
    return fail(Errc::BadInput, "the certificate is not one of an authority (CA:TRUE)");
  }
  for (const auto& certificate : certificates) {
    if (X509_self_signed(certificate.get(), 0) != 1) parts->chain += certificate_text(*certificate);
  }
  parts->constraints.reset(static_cast<NAME_CONSTRAINTS*>(
      X509_get_ext_d2i(&authority, NID_name_constraints, nullptr, nullptr)));
  parts->expires = time_of(*X509_get0_notAfter(&authority));
  parts->pem = certificate_text(authority);
  parts->certificate = std::move(certificates.front());
  return std::shared_ptr<const CertificateAuthority>(new CertificateAuthority(std::move(parts)));
}

const std::string& CertificateAuthority::certificate_pem() const { return parts_->pem; }

Time CertificateAuthority::expires() const { return parts_->expires; }

// OpenSSL itself is asked, as a client would ask it.
bool CertificateAuthority::permits(std::string_view host) const {
  const auto names = names_of(host);
  if (names == nullptr) return false;
  if (parts_->constraints == nullptr) return true;
  const Openssl<X509> certificate(must(X509_new()));
  must(X509_add1_ext_i2d(certificate.get(), NID_subject_alt_name, names.get(), 0, 0));
  X509_check_purpose(certificate.get(), -1, 0);  // makes it read its own extensions
  return NAME_CONSTRAINTS_check(certificate.get(), parts_->constraints.get()) == X509_V_OK;
}

Result<CertificateAndKey> CertificateAuthority::issue(std::string_view host, Time now) const {
  if (!permits(host)) {
    return fail(Errc::BadInput, "the CA may not sign for \"" + std::string(host) + "\"");
  }
  const Openssl<EVP_PKEY> key = new_key();
  const Openssl<X509> certificate = blank_certificate();
  X509& made = *certificate;
  X509& issuer = *parts_->certificate;
  set_times(made, now - kEarlier, std::min<Time>(now + kLifeOfLeaf, parts_->expires));
  must(X509_set_pubkey(&made, key.get()));
  set_name(X509_get_subject_name(&made), "O", "Twindow");
  // Not an address: clients would check it against the constraints as if it were a host name.
  if (!ip_of(host) && host.size() <= kCommonNameMax)
    set_name(X509_get_subject_name(&made), "CN", host);
  must(X509_set_issuer_name(&made, X509_get_subject_name(&issuer)));
  add_extension(made, issuer, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(made, issuer, NID_key_usage, "critical,digitalSignature");
  add_extension(made, issuer, NID_ext_key_usage, "serverAuth");
  add_extension(made, issuer, NID_subject_key_identifier, "hash");
  if (X509_get0_subject_key_id(&issuer) != nullptr) {
    add_extension(made, issuer, NID_authority_key_identifier, "keyid");
  }
  must(X509_add1_ext_i2d(&made, NID_subject_alt_name, names_of(host).get(), 0, 0));
  TWINDOW_TRY(sign(made, *parts_->key));
  return CertificateAndKey{certificate_text(made) + parts_->chain, key_text(*key)};
}

}  // namespace twindow::net
