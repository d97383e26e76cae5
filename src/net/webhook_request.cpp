// SPDX-License-Identifier: Apache-2.0
#include "src/net/webhook_request.h"

#include <string_view>
#include <variant>
#include <vector>

#include "twindow/wire/form.h"
#include "twindow/wire/twilio/signature.h"
#include "twindow/wire/twilio/webhook_params.h"

namespace twindow::net {

namespace {

struct ParamsOf {
  std::vector<Param> operator()(const StatusNews& news) const { return wire::status_params(news); }
  std::vector<Param> operator()(const InboundNews& news) const {
    return wire::inbound_params(news.message);
  }
  std::vector<Param> operator()(const RelayedNews& news) const { return news.params; }
  std::vector<Param> operator()(const ClosingSoonNews& news) const {
    return wire::closing_soon_params(account, news);
  }

  const AccountSid& account;
};

}  // namespace

void sign_webhook(const Webhook& webhook, const WebhookTarget& target, WebhookOutcome& outcome) {
  const auto params = std::visit(ParamsOf{webhook.account}, webhook.news);
  outcome.url_signed = wire::signed_url(webhook.url);
  outcome.url_posted = target.url_posted;
  outcome.signature = wire::sign(webhook.auth_token.text, outcome.url_signed, params);
  outcome.body_sent = wire::encode_form(params);
}

std::string render_webhook(const Webhook& webhook, const WebhookTarget& target,
                           const WebhookOutcome& outcome, bool keep_alive) {
  std::string text = "POST " + target.to.path + target.to.query + " HTTP/1.1\r\n";
  const auto line = [&](std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
  };
  line("Host", target.host);
  line("User-Agent", "TwilioProxy/1.1");
  line("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
  line("Content-Length", std::to_string(outcome.body_sent.size()));
  line("X-Twilio-Signature", outcome.signature);
  line("I-Twilio-Idempotency-Token", webhook.idempotency_token);
  line("X-Home-Region", "us1");
  line("Accept", "*/*");
  const auto* const relayed = std::get_if<RelayedNews>(&webhook.news);
  if (relayed != nullptr && !relayed->cookie.empty()) line("Cookie", relayed->cookie);
  if (target.authorization) line("Authorization", *target.authorization);
  line("Connection", keep_alive ? "keep-alive" : "close");
  return text.append("\r\n").append(outcome.body_sent);
}

}  // namespace twindow::net
