// SPDX-License-Identifier: Apache-2.0
// What the sessions of a TlsServer share.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "twindow/base/guarded.h"
#include "twindow/net/tls_server.h"

#include "src/net/tls_openssl.h"

namespace twindow::net {

// A certificate for a name, as OpenSSL wants it.
struct TlsLeaf {
  std::shared_ptr<const CertificateAuthority> signed_by = {};
  Time renew_at = {};
  std::vector<Openssl<X509>> chain = {};  // the leaf first
  Openssl<EVP_PKEY> key = {};
};

struct TlsServerState {
  TlsServerState(TlsServer::Authority source, TlsServer::Complain complaint, const Clock& time);

  // Made anew if there is none, it grows old or the authority is another one. Errors as
  // CertificateAuthority::issue and the authority's source.
  Result<std::shared_ptr<const TlsLeaf>> leaf_for(const std::string& host);

  // Made for the first client: OpenSSL's TLS costs megabytes and milliseconds, and most servers
  // never speak it.
  SSL_CTX& context();

  const TlsServer::Authority authority;
  const TlsServer::Complain complain;
  const Clock& clock;

 private:
  std::once_flag context_once_;
  Openssl<SSL_CTX> context_;
  using Leaves = std::map<std::string, std::shared_ptr<const TlsLeaf>, std::less<>>;
  Guarded<Leaves> leaves_;
};

}  // namespace twindow::net
