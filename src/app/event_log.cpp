// SPDX-License-Identifier: Apache-2.0
#include "src/app/event_log.h"

namespace twindow::app {

namespace {

// A SID has nothing to hide and passes as it is; whatever else stands in its place does not.
void append_sid(std::string& line, std::string_view text, Pii pii) {
  const bool sid = is_sid(text, "SM") || is_sid(text, "MM") || is_sid(text, "AC");
  if (sid) {
    line += text;
  } else {
    line += masked_text(text, pii);
  }
}

struct LineOf {
  Pii pii;

  // Two of these belong to each message: only what may hold a number is searched for one.
  std::string operator()(const MessageEvent& event) const {
    const Message& message = event.message;
    std::string line = "message ";
    line.reserve(160);
    append_sid(line, message.sid.text, pii);
    line.append(" ").append(to_text(message.status));
    if (message.error_code) line.append(" ").append(std::to_string(*message.error_code));
    line.append(" ").append(masked_text(message.sender.text, pii));
    return line.append(" -> ").append(masked_text(message.to.text, pii));
  }
  std::string operator()(const WebhookEvent& event) const {
    const auto& [at, webhook, outcome] = event.record;
    std::string line = "callback " + webhook.id + " of " + webhook.message.text + " ";
    if (outcome.http_status > 0) line += std::to_string(outcome.http_status);
    if (outcome.error) line += (outcome.http_status > 0 ? " " : "") + outcome.error->detail;
    return masked_text(line, pii);
  }
  std::string operator()(const WindowEvent& event) const {
    const char* what = event.state == WindowState::Open ? " open" : " closed";
    const WindowKey& key = event.window.key;
    return masked_text("window " + key.sender + " " + key.user + what, pii);
  }
  std::string operator()(const ClockEvent& event) const {
    return masked_text("clock " + event.text, pii);
  }
  std::string operator()(const ResetEvent&) const { return "reset"; }
};

}  // namespace

void EventLog::record(const Event& event) {
  log_.masked(log_line(event, log_.pii()));
  if (next_.wanted()) next_.record(event);
}

std::string log_line(const Event& event, Pii pii) {
  std::string line;
  line.reserve(200);
  append_sid(line, event.account.text, pii);
  return line.append(" ").append(std::visit(LineOf{pii}, event.what));
}

}  // namespace twindow::app
