// SPDX-License-Identifier: Apache-2.0
// From a status of a message to the app's answer.
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

namespace {

// What a timeline says of a delivery that did not go well; empty if it did.
std::string note_of(const WebhookRecord& record) {
  const WebhookOutcome& outcome = record.outcome;
  if (outcome.answered_ok() && !outcome.error) return {};
  const auto* const relayed = std::get_if<RelayedNews>(&record.webhook.news);
  std::string what = outcome.error ? outcome.error->detail
                                   : "the app answered " + std::to_string(outcome.http_status);
  if (relayed != nullptr) return what + (relayed->inbound ? "" : "; it will be told again");
  if (!outcome.error) what += "; Twilio does not repeat it";
  const int alert = alert_code_of(outcome);
  return alert == 0 ? what : what + " (alert " + std::to_string(alert) + ")";
}

}  // namespace

Task<Result<World::Reported>> World::report(StatusUpdate update) {
  return run_on(strand_, do_report(update));
}

Task<Result<WebhookRecord>> World::callback(std::string id) {
  return run_on(strand_, do_callback(std::move(id)));
}

Task<Result<WebhookRecord>> World::resend(std::string id) {
  return run_on(strand_, do_resend(std::move(id)));
}

Task<std::vector<WebhookRecord>> World::callbacks(CallbackQuery query) {
  return run_on(strand_, do_callbacks(std::move(query)));
}

Task<void> World::apply(StatusUpdate update) {
  const Time now = time_.now();
  const auto moved = co_await store_->move(update, now);
  if (!moved || !moved->moved) co_return;  // dropped for its age, or late news
  record_message(now, moved->message);
  tell_app(moved->message);
}

void World::apply_now(const StatusUpdate& update) {
  const Time now = time_.now();
  const auto moved = prompt_->move_now(update, now);
  if (!moved || !moved->moved) return;
  record_message(now, *moved->message);
  tell_app(*moved->message);
}

void World::tell_app(const Message& message) {
  auto hook = status_webhook(message);
  if (!hook) return;
  if (faulty()) return tell_faultily(message, *std::move(hook));
  postman_.enqueue(*std::move(hook));
}

Task<Result<World::Reported>> World::do_report(StatusUpdate update) {
  const Time now = time_.now();
  auto moved = co_await store_->move(update, now);
  if (!moved) co_return Unexpected(std::move(moved).error());
  Reported reported{.message = moved->message, .moved = moved->moved};
  if (!moved->moved) co_return reported;
  record_message(now, moved->message);
  auto hook = status_webhook(moved->message);
  if (hook) {
    ++direct_deliveries_;
    if (faulty()) {
      co_await deliver_faulted(reported.message, *hook);
    }
    reported.webhook = co_await postman_.deliver(*std::move(hook));
    --direct_deliveries_;
    rest_wakeup_.notify();
  }
  co_return reported;
}

Task<Result<WebhookRecord>> World::do_resend(std::string id) {
  const WebhookRecord* found = journal_.find(id);
  if (found == nullptr) co_return fail(Errc::NotFound, id);
  // The same news under the same idempotency token, as Twilio repeats it; a try of its own here.
  Webhook again = found->webhook;
  again.id = webhook_ids_.next("CB");
  store_->raise_counter(kWebhookIdCounter, webhook_ids_.counter());
  again.auth_token = accounts_.signing_token(account());
  ++direct_deliveries_;
  WebhookRecord record = co_await postman_.deliver(std::move(again));
  --direct_deliveries_;
  rest_wakeup_.notify();
  co_return record;
}

std::optional<Webhook> World::status_webhook(const Message& message) {
  if (message.status_callback) {
    return webhook(message.sid, *message.status_callback, StatusNews{message});
  }
  auto route = senders_.status_route(message.sender, message.service);
  if (!route) return std::nullopt;
  Webhook made = webhook(message.sid, std::move(route->url), StatusNews{message});
  made.method = route->method;
  return made;
}

Webhook World::webhook(const MessageSid& message, std::string url, News news) {
  Webhook made{
      .id = webhook_ids_.next("CB"),
      .account = account(),
      .message = message,
      .url = std::move(url),
      .auth_token = accounts_.signing_token(account()),
      .idempotency_token = webhook_ids_.next_uuid(),
      .news = std::move(news),
  };
  store_->raise_counter(kWebhookIdCounter, webhook_ids_.counter());
  return made;
}

Task<void> World::settle(WebhookRecord settled) {
  const std::uint64_t epoch = epoch_;
  TimelineEntry entry{settled.at, WebhookTried{.webhook = settled.webhook.id,
                                               .http_status = settled.outcome.http_status,
                                               .note = note_of(settled)}};
  // NotFound: the message was dropped for its age meanwhile.
  [[maybe_unused]] const Result<void> noted =
      co_await store_->note(settled.webhook.message, std::move(entry));
  if (epoch != epoch_) co_return;
  const int alert = real_twilio_ == nullptr ? alert_code_of(settled.outcome) : 0;
  if (alert != 0) raise(alert, AlertLevel::Error, note_of(settled), settled);
  journal_.add(settled);
  if (heard()) record(time_.now(), WebhookEvent{std::move(settled)});
  rest_wakeup_.notify();
}

Task<std::vector<WebhookRecord>> World::do_callbacks(CallbackQuery query) {
  std::vector<WebhookRecord> found;
  bool reached = !query.older_than.has_value();
  const auto& records = journal_.records();
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (found.size() == query.limit) break;
    const bool wanted = reached && (!query.before || record->at < *query.before) &&
                        (!query.message || record->webhook.message == *query.message);
    if (wanted) found.push_back(*record);
    if (query.older_than && record->webhook.id == *query.older_than) reached = true;
  }
  co_return found;
}

Task<Result<WebhookRecord>> World::do_callback(std::string id) {
  const WebhookRecord* found = journal_.find(id);
  if (found == nullptr) co_return fail(Errc::NotFound, id);
  co_return *found;
}

}  // namespace twindow::gateway
