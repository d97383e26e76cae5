// SPDX-License-Identifier: Apache-2.0
// What the sessions of a TlsServer share.
#pragma once

#include <map>
#include <memory>
#include <string>

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

  const TlsServer::Authority authority;
  const TlsServer::Complain complain;
  const Clock& clock;
  Openssl<SSL_CTX> context;

 private:
  using Leaves = std::map<std::string, std::shared_ptr<const TlsLeaf>, std::less<>>;
  Guarded<Leaves> leaves_;
};

}  // namespace twindow::net
