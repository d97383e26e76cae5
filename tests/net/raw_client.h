// SPDX-License-Identifier: Apache-2.0
// A client that sends exactly the bytes it is given and reads answers by hand: what a well-meaning
// library would never send, or would repair.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace twindow::test {

struct RawReply {
  int status = 0;
  std::string head;  // with the status line, without the empty line
  std::string body;  // of chunks: joined

  // Empty if there is none.
  std::string header(std::string_view name) const;
};

// Reads block for 10 s at most; then they say that there is nothing.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }
  // From now on TLS: asks for `server_name` (not if empty) and accepts only a certificate for it
  // that `ca_pem` vouches for. What went wrong, in OpenSSL's words; empty if nothing did.
  std::string start_tls(const std::string& ca_pem, const std::string& server_name);
  // Of TLS: the protocol that was agreed upon, as ALPN has it.
  std::string protocol() const;
  bool send(std::string_view bytes);  // false if the server has gone away meanwhile
  void finish_sending();              // shuts the sending side down
  void close();

  // The next answer, whole; `to_head` ones have no body. Nothing if the connection ends before.
  std::optional<RawReply> read_reply(bool to_head = false);
  std::optional<std::string> read_line();  // without CR LF
  // Whatever comes until the connection ends; nothing if it does not.
  std::optional<std::string> read_to_end();
  // True if the server closed the connection, in order or by a reset, and sent nothing more.
  bool at_end();
  // True if nothing comes in that time, not even the end.
  bool stays_silent_for(std::chrono::milliseconds time);

 private:
  bool read_more();
  std::optional<std::string> take(std::size_t bytes);
  std::optional<std::string> take_chunks();

  long receive(void* bytes, std::size_t size);

  struct TlsFree {
    void operator()(ssl_st* session) const;
    void operator()(ssl_ctx_st* context) const;
  };
  int socket_ = -1;
  std::unique_ptr<ssl_ctx_st, TlsFree> tls_context_;
  std::unique_ptr<ssl_st, TlsFree> tls_;
  bool connected_ = false;
  bool ended_ = false;
  std::string unread_;
};

// As Linux sees this process: how many descriptors it has open.
std::size_t open_files();

}  // namespace twindow::test
