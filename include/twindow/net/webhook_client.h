// SPDX-License-Identifier: Apache-2.0
// Delivers webhooks to the app as Twilio does: signed, with Twilio's headers, timeouts and its one
// retry; and only to where a simulator may go.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "twindow/base/limits.h"
#include "twindow/base/task.h"
#include "twindow/ports/app_endpoint.h"

namespace twindow::net {

struct WebhookClientOptions {
  // Sign for the left, post to the right: "https://app.example.com" -> "http://127.0.0.1:3000".
  // The left is an origin with or without a path prefix; the longest that matches wins. Path and
  // query of the webhook's URL are kept whole, behind the path of the right if it has one.
  std::map<std::string, std::string> deliver_to = {};
  // The same for the webhooks of one account, looked at first; by its SID.
  std::map<std::string, std::map<std::string, std::string>> deliver_to_of = {};
  // callbacks.allow: addresses and CIDRs that may be called besides.
  std::vector<std::string> allow = {};
  // Whether it speaks for a gateway, which calls the internet and not its neighbours, or for a
  // simulator, which calls nobody else.
  bool gateway = false;
  bool keep_alive = true;
  std::chrono::milliseconds connect_time = limits::kWebhookConnectTime;  // per try, TLS included
  std::chrono::milliseconds total_time = limits::kWebhookTotalTime;      // of all tries
  std::size_t reply_bytes_max = limits::kWebhookReplyBytesMax;
  std::string ca_file = {};  // PEM, trusted for https besides the system's store
};

// Where it may go is judged by address, at each connect, never by name: a simulator's to loopback
// and private addresses, a gateway's to public ones and where `deliver_to` leads, either's to those
// of `allow`; link-local, metadata, unspecified and multicast ones never. An IPv4 address in IPv6
// clothes is judged as IPv4. A simulator does not even look up a public-looking name (more than one
// label) unless `allow` has entries or the operator gave it in `deliver_to`. What is refused has
// Errc::EgressRefused and a text with the exact option to add.
//
// Connections are kept per (scheme, host, port). Each is used on one strand of its own only, so
// that worlds on different strands, threads and io_contexts share them: a delivery runs on the
// strand of its connection and resumes on the caller's executor. The pool is behind a mutex.
class WebhookClient final : public ports::AppEndpoint {
 public:
  // Gives the io_context that the next connection is to live on; called from any thread.
  using NextExecutor = std::function<boost::asio::io_context::executor_type()>;

  // Errc::BadInput for a `deliver_to` or `allow` that cannot be read. The io_contexts outlive the
  // client, the client outlives its deliveries.
  static Result<std::unique_ptr<WebhookClient>> create(NextExecutor next_executor,
                                                       WebhookClientOptions options);
  ~WebhookClient() override;

  // As `create` reads them, for the deliveries that begin from now on; `ca_file` stays what it was.
  // Errc::BadInput: nothing has changed. Thread-safe.
  Result<void> configure(WebhookClientOptions options);

  // As the port says. A simulator does as Twilio does: the overrides of the URL's fragment
  // (wire/twilio/connection_overrides.h) count, redirects are followed, Digest authentication is
  // answered, and Twilio's number for what went wrong is in the outcome. A gateway reports a 3xx.
  // An answer that is too large or breaks off has its status, what came of it, and Errc::BadReply.
  Task<WebhookOutcome> deliver(Webhook webhook) override;

 private:
  class Impl;
  explicit WebhookClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace twindow::net
