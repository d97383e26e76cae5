// SPDX-License-Identifier: Apache-2.0
// What the tests of the webhook client share: a client on threads of its own, and webhooks.
#pragma once

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "twindow/net/webhook_client.h"

#include "tests/net/io_runner.h"

namespace twindow::test {

inline const std::string kAuthToken = "0123456789abcdef0123456789abcdef";
inline const std::string kIdempotencyToken = "0f0e0d0c-0b0a-4908-8706-050403020100";

inline Webhook inbound_webhook(std::string url) {
  InboundMessage message{
      .account = *parse_account_sid("AC0123456789abcdef0123456789abcdef"),
      .sid = *parse_message_sid("SM0123456789abcdef0123456789abcdef"),
      .from = *parse_from("whatsapp:+15550001111"),
      .to = *parse_to("whatsapp:+14155238886"),
      .body = "Zo\xC3\xAB & co = 1+1",
  };
  return Webhook{.id = "CB0123456789abcdef0123456789abcdef",
                 .account = message.account,
                 .message = message.sid,
                 .url = std::move(url),
                 .auth_token = {kAuthToken},
                 .idempotency_token = kIdempotencyToken,
                 .news = InboundNews{message}};
}

// Two io_contexts, so that a connection is often taken by a caller of the other one.
class WebhookFixture {
 public:
  explicit WebhookFixture(net::WebhookClientOptions options = {}) {
    auto made = net::WebhookClient::create(
        [this] { return ++turn_ % 2 == 0 ? first_.executor() : second_.executor(); },
        std::move(options));
    EXPECT_TRUE(made) << made.error().detail;
    client_ = *std::move(made);
  }
  ~WebhookFixture() {
    first_.stop();
    second_.stop();
  }

  net::WebhookClient& client() { return *client_; }
  std::future<WebhookOutcome> start(Webhook webhook) {
    const Strand strand(callers_.executor());
    return boost::asio::co_spawn(strand, client_->deliver(std::move(webhook)),
                                 boost::asio::use_future);
  }
  WebhookOutcome deliver(const std::string& url) {
    auto outcome = start(inbound_webhook(url));
    if (outcome.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
      ADD_FAILURE() << "no outcome";
      return {};
    }
    return outcome.get();
  }

 private:
  std::atomic<unsigned> turn_ = 0;
  // The contexts outlive the client, whose connections live on them; the callers end first.
  IoRunner first_{1};
  IoRunner second_{2};
  std::unique_ptr<net::WebhookClient> client_;
  IoRunner callers_{2};
};

}  // namespace twindow::test
