// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/event_text.h"

#include "src/app/cli/message_text.h"

namespace twindow::app {

namespace {

std::string message_event(const Json& event, const Terminal& terminal) {
  const Json& message = member_at(event, "message");
  const bool inbound = text_at(message, "direction") == "inbound";
  const std::string code = text_at(message, "error_code");
  std::string line = text_at(event, "type");
  if (const auto color = status_color(text_at(message, "status"))) {
    line = terminal.paint(*color, line);
  }
  if (!code.empty()) line += " " + terminal.paint(Color::Red, code);
  line += " [" + text_at(message, "sid") + "] " + text_at(message, inbound ? "from" : "to");
  if (inbound) line += " \"" + shortened(printable(text_at(message, "body")), 60) + "\"";
  return line;
}

std::string window_event(const Json& event) {
  const Json& window = member_at(event, "window");
  std::string user = text_at(window, "user_spelling");
  if (user.empty()) user = text_at(window, "user");
  std::string line = text_at(event, "type") + " " + user + " for " + text_at(window, "sender");
  const std::string expires = text_at(window, "expires");
  if (text_at(event, "type") == "window.opened" && !expires.empty()) {
    line += " until " + day_and_time(expires);
  }
  const std::string closes = text_at(event, "closes");
  if (!closes.empty()) line += " at " + day_and_time(closes);
  return line;
}

std::string decision_event(const Json& event, const Terminal& terminal) {
  const Json& decision = member_at(event, "decision");
  const std::string code = text_at(decision, "code");
  const std::string sid = text_at(decision, "message_sid");
  const std::string rule = text_at(decision, "rule");
  std::string line = text_at(event, "type");
  if (!code.empty()) line += " " + terminal.paint(Color::Red, code);
  if (!sid.empty()) line += " [" + sid + "]";
  line += " " + text_at(decision, "to");
  return rule.empty() ? line : line + " by \"" + printable(rule) + "\"";
}

std::string alert_event(const Json& event, const Terminal& terminal) {
  const Json& alert = member_at(event, "alert");
  const std::string code = terminal.paint(Color::Red, text_at(alert, "code"));
  return "alert " + code + " [" + text_at(alert, "message_sid") + "] " +
         printable(text_at(alert, "text"));
}

std::string other_event(const Json& event) {
  const std::string type = text_at(event, "type");
  if (type == "lagged") return type + ": " + text_at(event, "missed") + " events were lost";
  if (type == "reset") return type + " [" + text_at(event, "account_sid") + "]";
  std::string line = type;
  if (const std::string text = text_at(event, "text"); !text.empty()) line += ": " + text;
  if (const std::string now = text_at(event, "now"); !now.empty()) {
    line += ", now " + day_and_time(now);
  }
  return line;
}

}  // namespace

std::string day_and_time(const std::string& iso) {
  constexpr std::size_t kDay = 10;
  constexpr std::size_t kSeconds = 19;
  if (iso.size() < kSeconds || iso[kDay] != 'T') return iso;
  return iso.substr(0, kDay) + " " + time_of_day(iso);
}

std::string time_of_day(const std::string& iso) {
  constexpr std::size_t kStart = 11;
  return iso.size() < 19 ? iso : iso.substr(kStart, 8);
}

std::string painted_status(const std::string& status, const Terminal& terminal) {
  const auto color = status_color(status);
  return color ? terminal.paint(*color, status) : status;
}

std::string webhook_text(const Json& callback, const Terminal& terminal) {
  const std::string status = text_at(callback, "status");
  const bool answered = !status.empty() && status != "0";
  const std::string error = text_at(callback, "error");
  std::string line = "[" + (answered ? status : "---") + "]";
  line = terminal.paint(status.starts_with('2') ? Color::Green : Color::Red, line);
  const std::string method = text_at(callback, "method");
  line += " " + (method.empty() ? "POST" : method) + " " + text_at(callback, "url");
  return error.empty() ? line : line + ": " + error;
}

std::string event_line(const Json& event, const Terminal& terminal) {
  const std::string type = text_at(event, "type");
  const std::string time = terminal.paint(Color::Dim, time_of_day(text_at(event, "at")));
  const std::string start = time.empty() ? "" : time + " ";
  if (type == "callback") {
    return start + "<-- " + webhook_text(member_at(event, "callback"), terminal);
  }
  if (type.starts_with("message.")) return start + "--> " + message_event(event, terminal);
  if (type.starts_with("window")) return start + "--> " + window_event(event);
  if (type == "alert") return start + "--> " + alert_event(event, terminal);
  if (type.starts_with("decision.")) return start + "--> " + decision_event(event, terminal);
  return start + "--> " + other_event(event);
}

}  // namespace twindow::app
