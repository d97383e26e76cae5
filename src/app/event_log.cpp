// SPDX-License-Identifier: Apache-2.0
#include "src/app/event_log.h"

namespace twindow::app {

namespace {

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

}  // namespace

void EventLog::record(const Event& event) {
  log_.info(log_line(event));
  if (next_.wanted()) next_.record(event);
}

std::string log_line(const Event& event) {
  return event.account.text + " " + std::visit(LineOf{}, event.what);
}

}  // namespace twindow::app
