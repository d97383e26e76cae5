// SPDX-License-Identifier: Apache-2.0
#include "twindow/gateway/postman.h"

#include "twindow/base/run_on.h"

namespace twindow::gateway {

Postman::Postman(const Strand& strand, ports::AppEndpoint& app, const Clock& clock, Settled settled)
    : strand_(strand), app_(app), clock_(clock), settled_(std::move(settled)), news_(strand) {}

void Postman::launch(std::size_t in_flight_max) {
  in_flight_max_ = in_flight_max;
  for (auto next = waiting_.begin(); next != waiting_.end() && in_flight_ < in_flight_max_;) {
    if (busy_.contains(next->message)) {
      ++next;
      continue;
    }
    busy_.insert(next->message);
    ++in_flight_;
    Webhook webhook = std::move(*next);
    next = waiting_.erase(next);
    start_on(strand_, run(std::move(webhook)));
  }
}

Task<WebhookRecord> Postman::deliver(Webhook webhook) {
  WebhookRecord record{.at = {}, .webhook = webhook, .outcome = {}};
  if (webhook.fault.lost) {
    record.outcome.lost = true;
    record.outcome.error = Error{
        Errc::Unreachable, "never sent: the fault \"" + webhook.fault.rule + "\" has lost it"};
  } else {
    record.outcome = co_await app_.deliver(std::move(webhook));
  }
  record.at = clock_.now();
  record.webhook.auth_token.text.clear();  // a record is shown to people
  WebhookRecord kept = record;
  co_await settled_(std::move(kept));
  co_return record;
}

Task<void> Postman::run(Webhook webhook) {
  const MessageSid message = webhook.message;
  co_await deliver(std::move(webhook));
  busy_.erase(message);
  --in_flight_;
  launch(in_flight_max_);
  news_.notify();
}

}  // namespace twindow::gateway
