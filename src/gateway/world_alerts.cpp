// SPDX-License-Identifier: Apache-2.0
// The debugger of the pretend Twilio.
#include "twindow/base/run_on.h"
#include "twindow/gateway/world.h"

namespace twindow::gateway {

Task<std::vector<Alert>> World::alerts() { return run_on(strand_, do_alerts()); }

Task<Result<Alert>> World::alert(std::string sid) {
  return run_on(strand_, do_alert(std::move(sid)));
}

Task<std::vector<Alert>> World::do_alerts() { co_return alerts_.newest_first(); }

Task<Result<Alert>> World::do_alert(std::string sid) {
  const Alert* const found = alerts_.find(sid);
  if (found == nullptr) co_return fail(Errc::NotFound, sid);
  co_return *found;
}

void World::raise(int code, AlertLevel level, std::string text, const WebhookRecord& about) {
  Alert alert = alert_about(about);
  alert.at = time_.now();
  alert.code = code;
  alert.level = level;
  alert.text = std::move(text);
  const Alert& kept = alerts_.add(std::move(alert));
  if (heard()) record(kept.at, AlertEvent{kept});
}

Task<void> World::raise_and_note(TwimlProblem problem, const WebhookRecord& about) {
  WebhookTried tried{.webhook = about.webhook.id,
                     .http_status = about.outcome.http_status,
                     .note = "alert " + std::to_string(problem.code) + ", " + problem.text};
  TimelineEntry entry{time_.now(), std::move(tried)};
  raise(problem.code, problem.warning ? AlertLevel::Warning : AlertLevel::Error,
        std::move(problem.text), about);
  // NotFound: the message was dropped for its age meanwhile.
  [[maybe_unused]] const Result<void> noted =
      co_await store_->note(about.webhook.message, std::move(entry));
}

}  // namespace twindow::gateway
