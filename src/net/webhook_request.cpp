// SPDX-License-Identifier: Apache-2.0
#include "src/net/webhook_request.h"

#include <algorithm>
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

// The query is before the fragment, behind what is there.
std::string with_query(const std::string& url, const std::string& query) {
  const auto hash = std::min(url.find('#'), url.size());
  std::string made = url.substr(0, hash);
  if (!query.empty()) {
    made += made.find('?') == std::string::npos ? '?' : '&';
    made += query;
  }
  return made + url.substr(hash);
}

std::string with_other_port(const std::string& url) {
  const auto parts = parse_url(url);
  if (!parts) return url;
  const std::string port = std::to_string(parts->port == 8443 ? 8444 : 8443);
  const bool literal = parts->host.find(':') != std::string::npos;
  const std::string host = literal ? '[' + parts->host + ']' : parts->host;
  const auto begin = url.find("://") + 3;
  const auto end = std::min(url.find_first_of("/?#", begin), url.size());
  return url.substr(0, begin) + host + ':' + port + url.substr(end);
}

}  // namespace

WebhookAsk first_ask(const Webhook& webhook) {
  WebhookAsk ask{.url = webhook.url, .method = webhook.method};
  ask.params = std::visit(ParamsOf{webhook.account}, webhook.news);
  ask.params.insert(ask.params.end(), webhook.more.begin(), webhook.more.end());
  if (ask.method == HttpMethod::Get) {
    ask.url = with_query(webhook.url, wire::encode_form(ask.params));
  } else {
    ask.form = ask.params;
  }
  return ask;
}

WebhookAsk next_ask(const WebhookAsk& before, std::string url, bool again) {
  if (again) {
    WebhookAsk ask = before;
    ask.url = std::move(url);
    return ask;
  }
  return WebhookAsk{.url = std::move(url), .method = HttpMethod::Get};
}

void sign_webhook(const Webhook& webhook, const WebhookAsk& ask, const WebhookTarget& target,
                  WebhookOutcome& outcome) {
  outcome.method = ask.method;
  outcome.document_url = ask.url;
  outcome.url_signed = wire::signed_url(ask.url);
  outcome.url_posted = target.url_posted;
  outcome.body_sent = wire::encode_form(ask.form);
  std::string token = webhook.auth_token.text;
  std::string url = outcome.url_signed;
  switch (webhook.fault.signature) {
    case SignatureFault::None:
      break;
    case SignatureFault::Missing:
      outcome.signature.clear();
      return;
    case SignatureFault::Wrong:
      token += "?";
      break;
    case SignatureFault::OtherPort:
      url = with_other_port(url);
      break;
    case SignatureFault::OtherScheme:
      url = url.starts_with("https") ? "http" + url.substr(5) : "https" + url.substr(4);
      break;
  }
  outcome.signature = wire::sign(token, url, ask.form);
}

std::string render_webhook(const Webhook& webhook, const WebhookAsk& ask,
                           const WebhookTarget& target, const WebhookOutcome& outcome,
                           bool keep_alive, const std::optional<std::string>& authorization) {
  const bool with_body = ask.method == HttpMethod::Post;
  std::string text(to_text(ask.method));
  text += " " + target.to.path + target.to.query + " HTTP/1.1\r\n";
  const auto line = [&](std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
  };
  line("Host", target.host);
  line("User-Agent", "TwilioProxy/1.1");
  if (with_body) {
    line("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");
    line("Content-Length", std::to_string(outcome.body_sent.size()));
  }
  if (!outcome.signature.empty()) line("X-Twilio-Signature", outcome.signature);
  line("I-Twilio-Idempotency-Token", webhook.idempotency_token);
  line("X-Home-Region", "us1");
  line("Accept", "*/*");
  const auto* const relayed = std::get_if<RelayedNews>(&webhook.news);
  const std::string& cookie = relayed != nullptr ? relayed->cookie : webhook.cookie;
  if (!cookie.empty()) line("Cookie", cookie);
  if (authorization) {
    line("Authorization", *authorization);
  } else if (target.authorization) {
    line("Authorization", *target.authorization);
  }
  line("Connection", keep_alive ? "keep-alive" : "close");
  return text.append("\r\n").append(outcome.body_sent);
}

}  // namespace twindow::net
