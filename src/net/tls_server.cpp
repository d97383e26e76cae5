// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/tls_server.h"

#include <algorithm>
#include <array>

#include <openssl/pem.h>

#include "twindow/base/limits.h"

#include "src/net/tls_server_state.h"
#include "src/net/tls_session.h"

namespace twindow::net {

namespace {

using namespace std::chrono_literals;

// Length-prefixed, as ALPN has it (RFC 7301).
constexpr std::array<unsigned char, 9> kHttp11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kHttp11.data(), kHttp11.size(), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

std::shared_ptr<TlsLeaf> parse_leaf(const CertificateAndKey& pem) {
  auto leaf = std::make_shared<TlsLeaf>();
  const Openssl<BIO> certificates = reader_of(pem.certificate);
  while (X509* next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr)) {
    leaf->chain.emplace_back(next);
  }
  const Openssl<BIO> key = reader_of(pem.key);
  leaf->key.reset(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  TWINDOW_CHECK(!leaf->chain.empty() && leaf->key != nullptr);
  return leaf;
}

}  // namespace

TlsServerState::TlsServerState(TlsServer::Authority source, TlsServer::Complain complaint,
                               const Clock& time)
    : authority(std::move(source)), complain(std::move(complaint)), clock(time) {}

SSL_CTX& TlsServerState::context() {
  std::call_once(context_once_, [this] {
    context_.reset(must(SSL_CTX_new(TLS_server_method())));
    SSL_CTX* ssl = context_.get();
    must(SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION));
    SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                              SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // Tickets are kept by the clients; a cache of our own would grow with them.
    SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(ssl, 1);
    SSL_CTX_set_alpn_select_cb(ssl, choose_protocol, nullptr);
    TlsSession::choose_certificates_in(*ssl, *this);
  });
  return *context_;
}

Result<std::shared_ptr<const TlsLeaf>> TlsServerState::leaf_for(const std::string& host) {
  const auto signer = TWINDOW_TRY(authority());
  const Time now = clock.now();
  auto known = leaves_.with([&](const Leaves& leaves) -> std::shared_ptr<const TlsLeaf> {
    const auto found = leaves.find(host);
    return found == leaves.end() ? nullptr : found->second;
  });
  if (known != nullptr && known->signed_by == signer && now < known->renew_at) return known;
  const CertificateAndKey pem = TWINDOW_TRY(signer->issue(host, now));
  const auto made = parse_leaf(pem);
  made->signed_by = signer;
  made->renew_at = now + 24h;
  leaves_.with([&](Leaves& leaves) {
    // Names come from clients. Making one anew is cheap, so which one goes does not matter.
    if (leaves.size() >= limits::kTlsNamesMax) leaves.erase(leaves.begin());
    leaves.insert_or_assign(host, made);
  });
  return std::shared_ptr<const TlsLeaf>(made);
}

TlsServer::TlsServer(Authority authority, Complain complain, const Clock& clock)
    : state_(std::make_unique<TlsServerState>(std::move(authority), std::move(complain), clock)) {}

TlsServer::~TlsServer() = default;

}  // namespace twindow::net
