// SPDX-License-Identifier: Apache-2.0
#include "src/net/tls_session.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "twindow/base/ascii.h"

#include "src/net/tls_client.h"
#include "src/net/tls_server_state.h"

namespace twindow::net {

namespace {

constexpr std::size_t kRecordMax = 16 * 1024;  // RFC 8446 section 5.1

// What a client says that does not know our authority; the words differ between libraries.
bool is_distrust(int reason) {
  return reason == SSL_R_TLSV1_ALERT_UNKNOWN_CA || reason == SSL_R_SSLV3_ALERT_BAD_CERTIFICATE ||
         reason == SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN ||
         reason == SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE;
}

}  // namespace

struct TlsSession::Parts {
  TlsServerState* server;  // null: this side is the client's
  Openssl<SSL> ssl;
};

namespace {

int index_of_session() {
  static const int kIndex = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return kIndex;
}

// Called whether the client names a server or not.
int use_certificate(SSL* ssl, int* alert, void* server) {
  auto& state = *static_cast<TlsServerState*>(server);
  TlsSession& session = TlsSession::of(*ssl);
  if (const char* asked = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)) {
    session.name_server(lower_case(asked));
  }
  auto leaf = state.leaf_for(session.server_name());
  if (!leaf) {
    state.complain("TLS for \"" + session.server_name() + "\" refused: " + leaf.error().detail);
    *alert = leaf.error().code == Errc::BadInput ? SSL_AD_UNRECOGNIZED_NAME : SSL_AD_INTERNAL_ERROR;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  const TlsLeaf& found = **leaf;
  bool used = SSL_use_certificate(ssl, found.chain.front().get()) == 1 &&
              SSL_use_PrivateKey(ssl, found.key.get()) == 1;
  for (std::size_t i = 1; i < found.chain.size(); ++i) {
    used = used && SSL_add1_chain_cert(ssl, found.chain[i].get()) == 1;
  }
  if (used) return SSL_TLSEXT_ERR_OK;
  *alert = SSL_AD_INTERNAL_ERROR;
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

}  // namespace

void TlsSession::choose_certificates_in(ssl_ctx_st& context, TlsServerState& server) {
  SSL_CTX_set_tlsext_servername_callback(&context, use_certificate);
  SSL_CTX_set_tlsext_servername_arg(&context, &server);
}

TlsSession::TlsSession(TlsServer& server, int socket, std::string default_name, std::string peer)
    : parts_(new Parts{&server.state(), Openssl<SSL>(must(SSL_new(&server.state().context())))}),
      server_name_(std::move(default_name)),
      peer_(std::move(peer)) {
  must(SSL_set_ex_data(parts_->ssl.get(), index_of_session(), this));
  must(SSL_set_fd(parts_->ssl.get(), socket));
  SSL_set_accept_state(parts_->ssl.get());
}

TlsSession::TlsSession(TlsClient& client, int socket, std::string host)
    : parts_(new Parts{nullptr, client.open(host)}), server_name_(std::move(host)) {
  must(SSL_set_ex_data(parts_->ssl.get(), index_of_session(), this));
  must(SSL_set_fd(parts_->ssl.get(), socket));
}

TlsSession::~TlsSession() = default;

TlsSession& TlsSession::of(ssl_st& ssl) {
  return *static_cast<TlsSession*>(SSL_get_ex_data(&ssl, index_of_session()));
}

TlsStep TlsSession::shake_hands() {
  ERR_clear_error();
  const int done = SSL_do_handshake(parts_->ssl.get());
  if (done == 1) return TlsStep::Done;
  const int error = SSL_get_error(parts_->ssl.get(), done);
  if (error == SSL_ERROR_WANT_READ) return TlsStep::WantRead;
  if (error == SSL_ERROR_WANT_WRITE) return TlsStep::WantWrite;
  explain_failure();
  ERR_clear_error();
  return TlsStep::Failed;
}

void TlsSession::explain_failure() {
  if (parts_->server == nullptr) {
    const long verified = SSL_get_verify_result(parts_->ssl.get());
    if (verified != X509_V_OK) {
      failure_ = X509_verify_cert_error_string(verified);
    } else {
      failure_ = ERR_peek_last_error() == 0 ? "the connection was closed" : openssl_error();
    }
    return;
  }
  const int reason = ERR_GET_REASON(ERR_peek_error());
  clear_text_ = reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST;
  if (is_distrust(reason)) {
    parts_->server->complain(
        "TLS for \"" + server_name_ + "\": " + peer_ + " does not trust Twindow's CA (" +
        openssl_error() +
        "); `twindow ca export` prints it, `twindow sdk-snippet` says where to "
        "put it");
  }
}

TlsStep TlsSession::step_of(int returned) {
  switch (SSL_get_error(parts_->ssl.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return TlsStep::WantRead;
    case SSL_ERROR_WANT_WRITE:
      return TlsStep::WantWrite;
    case SSL_ERROR_ZERO_RETURN:
      return TlsStep::Closed;
    default:
      return TlsStep::Failed;
  }
}

TlsStep TlsSession::read(boost::asio::mutable_buffer room, std::size_t& bytes) {
  ERR_clear_error();
  const int done = SSL_read_ex(parts_->ssl.get(), room.data(), room.size(), &bytes);
  return done == 1 ? TlsStep::Done : step_of(done);
}

TlsStep TlsSession::peek() {
  ERR_clear_error();
  char byte = 0;
  std::size_t bytes = 0;
  const int done = SSL_peek_ex(parts_->ssl.get(), &byte, 1, &bytes);
  return done == 1 ? TlsStep::Done : step_of(done);
}

TlsStep TlsSession::write(std::string_view first, std::string_view second, std::size_t& bytes) {
  ERR_clear_error();
  std::array<char, kRecordMax> joined;
  std::string_view record = first.empty() ? second : first;
  if (!first.empty() && !second.empty() && first.size() < joined.size()) {
    const std::size_t more = std::min(second.size(), joined.size() - first.size());
    std::memcpy(joined.data(), first.data(), first.size());
    std::memcpy(joined.data() + first.size(), second.data(), more);
    record = {joined.data(), first.size() + more};
  }
  const int done = SSL_write_ex(parts_->ssl.get(), record.data(), record.size(), &bytes);
  return done == 1 ? TlsStep::Done : step_of(done);
}

void TlsSession::close() {
  ERR_clear_error();
  SSL_shutdown(parts_->ssl.get());
  ERR_clear_error();
}

}  // namespace twindow::net
