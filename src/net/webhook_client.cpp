// SPDX-License-Identifier: Apache-2.0
#include "twindow/net/webhook_client.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "twindow/base/ascii.h"
#include "twindow/base/guarded.h"
#include "twindow/base/limits.h"
#include "twindow/wire/digest_auth.h"
#include "twindow/wire/url.h"

#include "src/net/connector.h"
#include "src/net/watchdog.h"
#include "src/net/webhook_connection.h"
#include "src/net/webhook_delivery.h"
#include "src/net/webhook_reach.h"
#include "src/net/webhook_troubles.h"

namespace twindow::net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::steady_clock;

// Where a 3xx leads; nothing if Twilio would not go there. A 301, 302 and 303 become a GET that has
// lost its form; a 307 keeps both. Source: Twilio's webhook architecture.
std::optional<WebhookAsk> follow(const WebhookAsk& asked, const WebhookOutcome& outcome) {
  const int status = outcome.http_status;
  const bool again = status == 307;
  if (!again && status != 301 && status != 302 && status != 303) return std::nullopt;
  for (const Param& header : outcome.headers) {
    if (!equals_ignoring_case(header.name, "Location")) continue;
    auto url = wire::resolve_url(asked.url, header.value);
    if (url) return next_ask(asked, *std::move(url), again);
  }
  return std::nullopt;
}

// What a 401 wants to have proved; nothing if that cannot be done.
std::optional<std::string> answer_challenge(const Webhook& webhook, const WebhookDelivery& delivery,
                                            const WebhookOutcome& outcome) {
  const WebhookTarget& target = delivery.target;
  if (outcome.http_status != 401 || !target.authorization) return std::nullopt;
  const std::string line = target.to.path + target.to.query;
  return wire::answer_digest(delivery.challenge, {.method = to_text(delivery.ask.method),
                                                  .target = line,
                                                  .user = target.user,
                                                  .password = target.password,
                                                  .client_nonce = webhook.idempotency_token});
}

}  // namespace

class WebhookClient::Impl {
 public:
  Impl(NextExecutor next_executor, std::shared_ptr<const WebhookRules> rules)
      : next_executor_(std::move(next_executor)), ca_file_(rules->options.ca_file) {
    take(std::move(rules));
  }

  void take(std::shared_ptr<const WebhookRules> rules) {
    rules_.with([&](auto& mine) { mine.swap(rules); });
  }
  Task<WebhookOutcome> deliver(Webhook webhook);

 private:
  using Connection = std::shared_ptr<WebhookConnection>;

  Result<WebhookDelivery> prepare(const Webhook& webhook, WebhookAsk ask) const;
  Task<WebhookOutcome> ask_once(Webhook webhook, WebhookAsk ask,
                                std::optional<steady_clock::time_point> until);
  Task<WebhookOutcome> run(Strand strand, Connection idle,
                           std::shared_ptr<WebhookDelivery> delivery);
  Task<WebhookOutcome> try_fresh(Strand strand, std::shared_ptr<WebhookDelivery> delivery);
  Task<Result<Endpoints>> resolve(std::shared_ptr<WebhookDelivery> delivery);
  Task<Result<Connection>> connect(Strand strand, Endpoints to,
                                   std::shared_ptr<WebhookDelivery> delivery);
  Task<bool> post(Connection connection, std::shared_ptr<WebhookDelivery> delivery, bool reused);
  Result<asio::ssl::context*> tls();

  NextExecutor next_executor_;
  const std::string ca_file_;
  // Made when the first https target is met: reading the system's store takes 20 ms.
  std::once_flag tls_once_;
  std::unique_ptr<asio::ssl::context> tls_;
  std::string tls_problem_;
  // Last: the connections of their pool refer to the TLS context.
  Guarded<std::shared_ptr<const WebhookRules>> rules_;
};

Result<WebhookDelivery> WebhookClient::Impl::prepare(const Webhook& webhook, WebhookAsk ask) const {
  auto rules = rules_.with([](const auto& mine) { return mine; });
  auto target = rules->target_of(webhook.account, ask.url);
  // The contract's word for a callback that must not be made, whatever is wrong with its URL.
  if (!target) return fail(Errc::EgressRefused, target.error().detail + "; nothing was sent");
  WebhookDelivery delivery{.rules = std::move(rules),
                           .ask = std::move(ask),
                           .target = *std::move(target),
                           .request = {}};
  const WebhookClientOptions& options = delivery.rules->options;
  // A gateway is no Twilio: it has times of its own.
  if (!options.gateway) delivery.overrides = wire::read_connection_overrides(webhook.url);
  sign_webhook(webhook, delivery.ask, delivery.target, delivery.outcome);
  delivery.request =
      render_webhook(webhook, delivery.ask, delivery.target, delivery.outcome, options.keep_alive);
  delivery.until = steady_clock::now() + delivery.total_time();
  return delivery;
}

// Follows redirects, as Twilio does; a gateway leaves them to Twilio.
Task<WebhookOutcome> WebhookClient::Impl::deliver(Webhook webhook) {
  const bool gateway = rules_.with([](const auto& mine) { return mine->options.gateway; });
  const wire::ConnectionOverrides overrides = wire::read_connection_overrides(webhook.url);
  if (!gateway && overrides.problem != 0) {
    WebhookOutcome refused;
    refused.alert_code = overrides.problem;
    refused.error = Error{Errc::BadInput, overrides.problem_text + "; nothing was sent"};
    co_return refused;
  }
  const auto total = overrides.total_time.value_or(limits::kWebhookTotalTime);
  std::optional<steady_clock::time_point> until;
  WebhookAsk ask = first_ask(webhook);
  for (int redirects = 0;; ++redirects) {
    WebhookAsk asked = ask;
    WebhookOutcome outcome = co_await ask_once(webhook, std::move(asked), until);
    const bool redirected =
        !outcome.error && outcome.http_status >= 300 && outcome.http_status < 400;
    if (gateway || !redirected || outcome.http_status == 304) co_return outcome;
    const std::optional<WebhookAsk> next = follow(ask, outcome);
    if (!next || redirects == limits::kWebhookRedirectsMax) {
      outcome.alert_code = next ? 11215 : 11216;
      outcome.error = Error{
          Errc::BadReply,
          next ? "more than " + std::to_string(limits::kWebhookRedirectsMax) + " redirects"
               : "a redirect that cannot be followed: " + std::to_string(outcome.http_status)};
      co_return outcome;
    }
    if (!until) until = steady_clock::now() + total - outcome.latency;
    ask = *next;
  }
}

Task<WebhookOutcome> WebhookClient::Impl::ask_once(Webhook webhook, WebhookAsk ask,
                                                   std::optional<steady_clock::time_point> until) {
  auto prepared = prepare(webhook, std::move(ask));
  if (!prepared) {
    WebhookOutcome refused;
    refused.error = std::move(prepared).error();
    co_return refused;
  }
  auto delivery = std::make_shared<WebhookDelivery>(*std::move(prepared));
  if (until) delivery->until = *until;
  const UrlParts& to = delivery->target.to;
  const WebhookPeer peer{to.tls, to.host, to.port, delivery->target.redirected};
  const WebhookRules& rules = *delivery->rules;
  std::optional<WebhookOutcome> outcome;
  for (bool challenged = false;; challenged = true) {
    Connection idle = rules.options.keep_alive ? rules.pool.take(peer) : nullptr;
    const Strand strand = idle ? idle->strand() : Strand(next_executor_());
    Task<WebhookOutcome> work = run(strand, std::move(idle), delivery);
    try {
      outcome = co_await asio::co_spawn(strand, std::move(work), asio::use_awaitable);
    } catch (const boost::system::system_error& cancelled) {
      outcome = std::move(delivery->outcome);
      outcome->error = Error{Errc::Unreachable, "the delivery was cancelled"};
    }
    const auto proof = challenged ? std::nullopt : answer_challenge(webhook, *delivery, *outcome);
    if (!proof) break;
    sign_webhook(webhook, delivery->ask, delivery->target, delivery->outcome);
    delivery->outcome.error.reset();
    delivery->request = render_webhook(webhook, delivery->ask, delivery->target, delivery->outcome,
                                       rules.options.keep_alive, proof);
  }
  co_return *std::move(outcome);
}

Task<WebhookOutcome> WebhookClient::Impl::run(Strand strand, Connection idle,
                                              std::shared_ptr<WebhookDelivery> delivery) {
  if (idle) {
    delivery->outcome.tries = 1;
    const bool settled = co_await post(std::move(idle), delivery, true);
    const bool again = delivery->may_repeat_answered() && delivery->overrides.retries > 0;
    if (settled && !again) co_return std::move(delivery->outcome);
    delivery->tries_before = settled ? 1 : 0;
  }
  WebhookOutcome outcome = co_await try_fresh(strand, delivery);
  co_return outcome;
}

Task<WebhookOutcome> WebhookClient::Impl::try_fresh(Strand strand,
                                                    std::shared_ptr<WebhookDelivery> delivery) {
  WebhookOutcome& outcome = delivery->outcome;
  const auto begun = steady_clock::now();
  outcome.tries = delivery->tries_before;
  Result<Endpoints> endpoints = co_await resolve(delivery);
  if (!endpoints) {
    outcome.error = std::move(endpoints).error();
    if (outcome.error->code == Errc::Unreachable) outcome.alert_code = 11210;  // no such name
    co_return std::move(outcome);
  }
  const wire::ConnectionOverrides& overrides = delivery->overrides;
  while (outcome.tries <= overrides.retries) {
    ++outcome.tries;
    const auto try_begun = outcome.tries == 1 ? begun : steady_clock::now();
    Endpoints to = *endpoints;
    Result<Connection> connection = co_await connect(strand, std::move(to), delivery);
    const bool connected = connection.has_value();
    if (connected) {
      outcome.error.reset();
      outcome.alert_code = 0;
      co_await post(*std::move(connection), delivery, false);
    } else {
      outcome.error = std::move(connection).error();
    }
    const auto took = steady_clock::now() - try_begun;
    outcome.latency = std::chrono::duration_cast<Duration>(took);
    const bool again = connected ? delivery->may_repeat_answered() : overrides.retry_connect;
    if (!again || delivery->hopeless || steady_clock::now() >= delivery->until) break;
  }
  co_return std::move(outcome);
}

Task<Result<Endpoints>> WebhookClient::Impl::resolve(std::shared_ptr<WebhookDelivery> delivery) {
  const WebhookTarget& target = delivery->target;
  const auto connect_time = delivery->connect_time();
  Result<Endpoints> known = endpoints_without_lookup(*delivery);
  if (!known || !known->empty()) co_return known;
  const auto until = std::min(delivery->until, steady_clock::now() + connect_time);
  Result<Endpoints> found = co_await look_up(target.to.host, target.to.port, until);
  if (found) co_return judged_endpoints(*std::move(found), *delivery);
  if (found.error().code == Errc::TimedOut) {
    co_return fail(Errc::TimedOut, "looking up " + target.to.host + " took longer than " +
                                       in_milliseconds(connect_time));
  }
  co_return fail(Errc::Unreachable,
                 "the name " + found.error().detail + egress_advice(*delivery, false));
}

Task<Result<WebhookClient::Impl::Connection>> WebhookClient::Impl::connect(
    Strand strand, Endpoints to, std::shared_ptr<WebhookDelivery> delivery) {
  const UrlParts& url = delivery->target.to;
  asio::ssl::context* context = nullptr;
  if (url.tls) {
    auto made = tls();
    if (!made) co_return Unexpected(std::move(made).error());
    context = *made;
  }
  const auto connect_time = delivery->connect_time();
  const auto until = std::min(delivery->until, steady_clock::now() + connect_time);
  const WebhookPeer peer{url.tls, url.host, url.port, delivery->target.redirected};
  error_code first_error;
  for (const tcp::endpoint& endpoint : to) {
    auto connection = std::make_shared<WebhookConnection>(strand, peer, context);
    const Watchdog watchdog(strand, until, [connection] { connection->cut(); });
    const error_code not_open = co_await connection->open(endpoint);
    error_code no_handshake;
    if (!not_open) {
      no_handshake = co_await connection->shake_hands();
    }
    if (watchdog.fired()) {
      delivery->outcome.alert_code = 11201;
      co_return fail(Errc::TimedOut, "no connection to " + url.origin() + " within " +
                                         in_milliseconds(connect_time));
    }
    if (no_handshake) {
      delivery->hopeless = true;
      delivery->outcome.alert_code = alert_of_handshake(connection->certificate());
      co_return fail(Errc::Unreachable, "no TLS with " + url.origin() + ": " +
                                            no_handshake.message() +
                                            "; its certificate must be valid for this host");
    }
    if (!not_open) co_return connection;
    if (!first_error) first_error = not_open;
  }
  delivery->outcome.alert_code = alert_of_refusal(first_error);
  co_return fail(Errc::Unreachable, "no connection to " + url.origin() + ": " +
                                        first_error.message() + "; is the app running?");
}

// False if the app must be asked again on a fresh connection: this one was kept, and had died.
Task<bool> WebhookClient::Impl::post(Connection connection,
                                     std::shared_ptr<WebhookDelivery> delivery, bool reused) {
  const auto begun = steady_clock::now();
  const WebhookClientOptions& options = delivery->rules->options;
  WebhookOutcome& outcome = delivery->outcome;
  std::string request = delivery->request;
  std::optional<Watchdog> watchdog;
  auto until = delivery->until;
  if (const auto time = delivery->overrides.read_time) until = std::min(until, begun + *time);
  watchdog.emplace(connection->strand(), until, [connection] { connection->cut(); });
  WebhookExchange exchange = co_await connection->post(std::move(request), options.reply_bytes_max);
  const bool timed_out = watchdog->fired();
  watchdog.reset();
  if (exchange.error && exchange.silent && reused && !timed_out) co_return false;
  outcome.http_status = exchange.status;
  outcome.content_type = std::move(exchange.content_type);
  outcome.reply = std::move(exchange.reply);
  outcome.headers = std::move(exchange.headers);
  delivery->challenge = std::move(exchange.challenge);
  if (exchange.error) {
    outcome.error = explain_exchange(exchange, timed_out, *delivery);
    outcome.alert_code = alert_of_exchange(exchange, timed_out);
  }
  outcome.latency = std::chrono::duration_cast<Duration>(steady_clock::now() - begun);
  if (exchange.reusable && options.keep_alive) delivery->rules->pool.put(std::move(connection));
  co_return true;
}

Result<asio::ssl::context*> WebhookClient::Impl::tls() {
  std::call_once(tls_once_, [this] {
    auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    error_code error;
    context->set_default_verify_paths(error);
    if (!error && !ca_file_.empty()) context->load_verify_file(ca_file_, error);
    if (error) tls_problem_ = error.message();
    tls_ = std::move(context);
  });
  if (tls_problem_.empty()) return tls_.get();
  return fail(Errc::Unreachable,
              "the certificates to trust cannot be read: " + ca_file_ + ": " + tls_problem_);
}

Result<std::unique_ptr<WebhookClient>> WebhookClient::create(NextExecutor next_executor,
                                                             WebhookClientOptions options) {
  auto rules = TWINDOW_TRY(WebhookRules::make(std::move(options)));
  auto impl = std::make_unique<Impl>(std::move(next_executor), std::move(rules));
  return std::unique_ptr<WebhookClient>(new WebhookClient(std::move(impl)));
}

WebhookClient::WebhookClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebhookClient::~WebhookClient() = default;
Result<void> WebhookClient::configure(WebhookClientOptions options) {
  auto rules = TWINDOW_TRY(WebhookRules::make(std::move(options)));
  impl_->take(std::move(rules));
  return {};
}
Task<WebhookOutcome> WebhookClient::deliver(Webhook webhook) {
  return impl_->deliver(std::move(webhook));
}

}  // namespace twindow::net
