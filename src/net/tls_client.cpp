// SPDX-License-Identifier: Apache-2.0
#include "src/net/tls_client.h"

#include <array>

#include <boost/asio/ip/address.hpp>

#include "twindow/base/limits.h"

#include "src/net/tls_session.h"

namespace twindow::net {

namespace {

// Length-prefixed, as ALPN has it (RFC 7301).
constexpr std::array<unsigned char, 9> kHttp11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// TLS 1.3 gives its sessions some time after the handshake. 1: the reference is ours now.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* client = static_cast<TlsClient*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  client->keep(TlsSession::of(*ssl).server_name(), Openssl<SSL_SESSION>(session));
  return 1;
}

}  // namespace

Result<std::unique_ptr<TlsClient>> TlsClient::create(const std::string& ca_file) {
  Openssl<SSL_CTX> context(must(SSL_CTX_new(TLS_client_method())));
  SSL_CTX* ssl = context.get();
  if (SSL_CTX_set_default_verify_paths(ssl) != 1) {
    return fail(Errc::BadInput,
                "the system's certificates to trust cannot be read: " + openssl_error());
  }
  if (!ca_file.empty() && SSL_CTX_load_verify_file(ssl, ca_file.c_str()) != 1) {
    return fail(Errc::BadInput,
                "the certificates to trust cannot be read: " + ca_file + ": " + openssl_error());
  }
  ERR_clear_error();
  must(SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION));
  SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
  must(SSL_CTX_set_alpn_protos(ssl, kHttp11.data(), kHttp11.size()) == 0);
  SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(ssl, keep_session);
  return std::unique_ptr<TlsClient>(new TlsClient(std::move(context)));
}

TlsClient::TlsClient(Openssl<SSL_CTX> context) : context_(std::move(context)) {
  must(SSL_CTX_set_app_data(context_.get(), this));
}

Openssl<SSL> TlsClient::open(const std::string& host) {
  Openssl<SSL> ssl(must(SSL_new(context_.get())));
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  if (no_address) {
    must(SSL_set_tlsext_host_name(ssl.get(), host.c_str()));
    SSL_set_hostflags(ssl.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    must(SSL_set1_host(ssl.get(), host.c_str()));
  } else {
    must(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), host.c_str()));
  }
  sessions_.with([&](const auto& sessions) {
    const auto found = sessions.find(host);
    if (found != sessions.end()) SSL_set_session(ssl.get(), found->second.get());
  });
  SSL_set_connect_state(ssl.get());
  return ssl;
}

void TlsClient::keep(const std::string& host, Openssl<SSL_SESSION> session) {
  sessions_.with([&](auto& sessions) {
    // Any may go: without one the next handshake is a long one.
    if (sessions.size() >= limits::kTlsNamesMax) sessions.erase(sessions.begin());
    sessions.insert_or_assign(host, std::move(session));
  });
}

}  // namespace twindow::net
