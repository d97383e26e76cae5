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
    append_masked(line, text, pii);
  }
}

// Most lines are of these: only what may hold a number is searched for one.
void append_message(std::string& line, const Message& message, Pii pii) {
  line += "message ";
  append_sid(line, message.sid.text, pii);
  line.append(" ").append(to_text(message.status));
  if (message.error_code) line.append(" ").append(std::to_string(*message.error_code));
  line += ' ';
  append_masked(line, message.sender.text, pii);
  line.append(" -> ");
  append_masked(line, message.to.text, pii);
}

struct LineOf {
  Pii pii;

  std::string operator()(const MessageEvent& event) const {
    std::string line;
    append_message(line, event.message, pii);
    return line;
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
  std::string operator()(const ClosingSoonEvent& event) const {
    const WindowKey& key = event.window.key;
    return masked_text("window " + key.sender + " " + key.user + " closes soon", pii);
  }
  std::string operator()(const ClockEvent& event) const {
    return masked_text("clock " + event.text, pii);
  }
  std::string operator()(const DecisionEvent& event) const {
    const LedgerEntry& entry = event.entry;
    std::string line;
    line.reserve(160);
    line.append("decision ").append(to_text(entry.action));
    if (entry.code) line.append(" ").append(std::to_string(*entry.code));
    if (entry.message) append_sid(line.append(" "), entry.message->text, pii);
    append_masked(line.append(" "), entry.from, pii);
    append_masked(line.append(" -> "), entry.to, pii);
    append_masked(line.append(" rule \""), entry.rule, pii);
    return line.append("\"");
  }
  std::string operator()(const BackfillEvent& event) const {
    std::string line = "backfill of " + event.sender.text + ": ";
    line += event.error.empty() ? std::to_string(event.messages) + " messages of " +
                                      std::to_string(event.users) + " users"
                                : "failed, will be tried again: " + event.error;
    return masked_text(line, pii);
  }
  std::string operator()(const AlertEvent& event) const {
    const Alert& alert = event.alert;
    return masked_text(
        "alert " + std::to_string(alert.code) + " of " + alert.message.text + " " + alert.text,
        pii);
  }
  std::string operator()(const ResetEvent&) const { return "reset"; }
};

// A message that an API call has just made: the call's line names it.
bool is_in_call_log(const Message& message) {
  return message.direction == Direction::OutboundApi && message.timeline.size() == 1;
}

}  // namespace

void EventLog::record(const Event& event) {
  const auto* of_message = std::get_if<MessageEvent>(&event.what);
  if (of_message == nullptr || !is_in_call_log(of_message->message)) {
    log_.masked(log_line(event, log_.pii()));
  }
  if (next_.wanted()) next_.record(event);
}

void EventLog::record_message(Time at, const Message& message) {
  if (!is_in_call_log(message)) {
    std::string line;
    line.reserve(200);
    append_sid(line, message.account.text, log_.pii());
    line += ' ';
    append_message(line, message, log_.pii());
    log_.masked(line);
  }
  next_.record_message(at, message);
}

std::string log_line(const Event& event, Pii pii) {
  std::string line;
  line.reserve(200);
  append_sid(line, event.account.text, pii);
  return line.append(" ").append(std::visit(LineOf{pii}, event.what));
}

}  // namespace twindow::app
