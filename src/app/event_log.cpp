// SPDX-License-Identifier: Apache-2.0
#include "src/app/event_log.h"

#include "twindow/base/run_on.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;

struct LineOf {
  std::string operator()(const MessageEvent& event) const {
    const Message& message = event.message;
    std::string line = "message " + message.sid.text + " " + std::string(to_text(message.status));
    if (message.error_code) line += " " + std::to_string(*message.error_code);
    return line + " " + message.sender.text + " -> " + message.to.text;
  }
  std::string operator()(const WebhookEvent& event) const {
    const auto& [at, webhook, outcome] = event.record;
    std::string line = "callback " + webhook.id + " of " + webhook.message.text + " ";
    if (outcome.http_status > 0) line += std::to_string(outcome.http_status);
    if (outcome.error) line += (outcome.http_status > 0 ? " " : "") + outcome.error->detail;
    return line;
  }
  std::string operator()(const WindowEvent& event) const {
    const char* what = event.state == WindowState::Open ? " open" : " closed";
    return "window " + event.window.key.sender + " " + event.window.key.user + what;
  }
  std::string operator()(const ClockEvent& event) const { return "clock " + event.text; }
  std::string operator()(const ResetEvent&) const { return "reset"; }
};

Task<void> write_until_closed(gateway::EventBus& events, Log& log) {
  const auto news = events.subscribe();
  for (;;) {
    const gateway::EventBus::News heard = co_await news->next(1h);
    if (heard.closed) co_return;
    if (heard.missed > 0) {
      log.warning(std::to_string(heard.missed) + " events came faster than they could be logged");
    }
    if (heard.event) log.info(log_line(*heard.event));
  }
}

}  // namespace

void log_events(gateway::EventBus& events, Log& log, const Strand& strand) {
  start_on(strand, write_until_closed(events, log));
}

std::string log_line(const Event& event) {
  return event.account.text + " " + std::visit(LineOf{}, event.what);
}

}  // namespace twindow::app
