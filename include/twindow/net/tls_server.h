// SPDX-License-Identifier: Apache-2.0
// What a server needs to speak TLS under many names: a certificate for each, made when the first
// client asks for that name.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "twindow/net/certificate_authority.h"

namespace twindow::net {

struct TlsServerState;

// TLS 1.2 and 1.3, ALPN http/1.1. Thread-safe; outlives the servers it is given to.
class TlsServer {
 public:
  // The authority to sign with now; asked at each handshake, so that another one takes effect. May
  // read a file.
  using Authority = std::function<Result<std::shared_ptr<const CertificateAuthority>>()>;
  // Told in a sentence why a handshake failed, if somebody could mend it: a client that does not
  // trust us, a name that the authority may not sign for, an authority that cannot be had.
  using Complain = std::function<void(const std::string&)>;

  // `clock` outlives the server.
  TlsServer(Authority authority, Complain complain, const Clock& clock);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  TlsServerState& state() const { return *state_; }

 private:
  std::unique_ptr<TlsServerState> state_;
};

}  // namespace twindow::net
