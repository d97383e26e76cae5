// SPDX-License-Identifier: Apache-2.0
// Twindow's own certificate authority: signs for twilio.com and this machine's names, and can sign
// for nothing else, since the certificate itself says so (RFC 5280 section 4.2.1.10). A developer
// who trusts it trusts it for no bank.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/error.h"

namespace twindow::net {

// Beside twilio.com, localhost, twindow, 127.0.0.0/8 and ::1. A name covers those below it.
struct MorePermitted {
  std::vector<std::string> names = {};
  std::vector<std::string> ips = {};
};

// Both PEM; the key unencrypted PKCS #8.
struct CertificateAndKey {
  std::string certificate = {};
  std::string key = {};
};

// A new authority: EC P-256, valid from a day before `now` (clocks differ) for ten years. An IP
// that is none, or a name that is no host name, is Errc::BadInput.
Result<CertificateAndKey> make_certificate_authority(const MorePermitted& more, Time now);

// A value of OpenSSL's, shared and never changed; thread-safe.
class CertificateAuthority {
 public:
  // Errc::BadInput with a sentence if the texts are no certificate and key, do not belong
  // together, or the certificate is not one of an authority.
  static Result<std::shared_ptr<const CertificateAuthority>> open(const CertificateAndKey& pem);
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  const std::string& certificate_pem() const;
  // Whether its constraints let it sign for this host name or IP address. One without constraints,
  // which an operator may bring, signs for any.
  bool permits(std::string_view host) const;
  Time expires() const;

  // A certificate for one host name or IP address: own P-256 key, 90 days at most; behind it in
  // the text what a client needs to find the way to the root. Errc::BadInput if the host is not
  // permitted or is no host.
  Result<CertificateAndKey> issue(std::string_view host, Time now) const;

 private:
  struct Parts;
  explicit CertificateAuthority(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace twindow::net
