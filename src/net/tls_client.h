// SPDX-License-Identifier: Apache-2.0
// What the TLS connections that we open share: whom to trust, and the sessions that make the next
// handshake with a host a short one.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "twindow/base/guarded.h"
#include "twindow/model/error.h"

#include "src/net/tls_openssl.h"

namespace twindow::net {

// Thread-safe. Outlives what it opens.
class TlsClient {
 public:
  // Trusts the system's store and, if given, the PEM certificates of `ca_file`; reading them takes
  // some 20 ms. Errc::BadInput with a text that names what cannot be read.
  static Result<std::unique_ptr<TlsClient>> create(const std::string& ca_file);
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  // Ready for a handshake: asks for `host` (a name or an address), accepts a certificate for it
  // and no other, and offers the last session with it.
  Openssl<SSL> open(const std::string& host);

  // Of new sessions with `host`; called by the library's own callback.
  void keep(const std::string& host, Openssl<SSL_SESSION> session);

 private:
  explicit TlsClient(Openssl<SSL_CTX> context);

  Openssl<SSL_CTX> context_;
  Guarded<std::map<std::string, Openssl<SSL_SESSION>>> sessions_;
};

}  // namespace twindow::net
