// SPDX-License-Identifier: Apache-2.0
// What the real Twilio tells of sends: kept, acknowledged, and told to the app.
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

Task<Result<World::Hearing>> World::hear_status(StatusHook hook) {
  return run_on(strand_, do_hear_status(std::move(hook)));
}

Task<Result<World::Hearing>> World::do_hear_status(StatusHook hook) {
  const Time now = time_.now();
  const std::uint64_t epoch = epoch_;
  if (relay_.has_told(hook.id)) co_return Hearing::Repeat;
  co_await name_as_told(hook);
  std::optional<std::string> url = std::move(hook.url);
  if (url->empty()) {
    auto route = hook.news.from ? senders_.status_route(*hook.news.from) : std::nullopt;
    url.reset();
    if (route) url = std::move(route->url);
  }
  if (hook.tell_nobody) url.reset();
  const bool relayed = url.has_value();
  if (relayed) {
    Webhook made = webhook(hook.news.sid, *std::move(url), std::move(hook.told.news));
    if (!hook.id.empty()) made.id = std::move(hook.id);
    if (!hook.told.idempotency_token.empty()) {
      made.idempotency_token = std::move(hook.told.idempotency_token);
    }
    hook.news.relay = std::move(made);
  }
  const auto told = co_await store_->hear(std::move(hook.news), now);
  if (!told) co_return Unexpected(told.error());
  if (told->repeat) co_return Hearing::Repeat;
  if (epoch != epoch_) co_return Hearing::Kept;  // forgotten with all the rest
  tell_heard(*told, now);
  if (relayed) relay_.wake();
  co_return relayed ? Hearing::Queued : Hearing::Kept;
}

void World::tell_heard(const ports::AccountStore::Heard& news, Time now) {
  if (news.moved && news.moved->moved) {
    record_message(now, news.moved->message);
  }
  if (!news.closed) return;
  window_ends_.erase(news.closed->key);
  if (heard()) record(now, WindowEvent{*news.closed, WindowState::Closed});
}

Relay::Parts World::relay_parts() {
  return {.queue = *store_,
          .clock = time_,
          .timers = time_,
          .deliver = [this](Webhook webhook,
                            std::uint32_t tries) { return relay(std::move(webhook), tries); },
          .changed =
              [this] {
                nudge();
                rest_wakeup_.notify();
              }};
}

// Each try is a record of its own in the journal, all of them under one idempotency token.
Task<WebhookRecord> World::relay(Webhook webhook, std::uint32_t tries) {
  webhook.auth_token = accounts_.signing_token(account());
  if (tries > 0) {
    webhook.id = webhook_ids_.next("CB");
    store_->raise_counter(kWebhookIdCounter, webhook_ids_.counter());
  }
  return postman_.deliver(std::move(webhook));
}

}  // namespace twindow::gateway
