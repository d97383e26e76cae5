// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/message_text.h"

#include "src/app/cli/event_text.h"
#include "src/app/cli/table.h"

namespace twindow::app {

namespace {

constexpr std::size_t kBodyColumns = 40;

void print_field(const char* name, const std::string& value, const Terminal& terminal) {
  if (value.empty()) return;
  std::string label = name;
  label.resize(std::max<std::size_t>(label.size(), 10), ' ');
  terminal.out << "  " << terminal.paint(Color::Dim, label) << " " << printable(value) << "\n";
}

std::string window_text(const Json& window) {
  std::string text = text_at(window, "state");
  if (const std::string inbound = text_at(window, "last_inbound"); !inbound.empty()) {
    text += ", last inbound " + day_and_time(inbound);
  }
  if (const std::string expires = text_at(window, "expires"); !expires.empty()) {
    text += (text_at(window, "state") == "open" ? ", open until " : ", closed since ") +
            day_and_time(expires);
  }
  return text;
}

std::string timeline_callback(const Json& entry, const Terminal& terminal) {
  const std::string status = text_at(entry, "http_status");
  const bool answered = !status.empty() && status != "0";
  const Color color = status.starts_with('2') ? Color::Green : Color::Red;
  return "callback " + terminal.paint(color, "[" + (answered ? status : "---") + "]") + " " +
         text_at(entry, "callback") + "  " + printable(text_at(entry, "text"));
}

std::string timeline_status(const Json& entry, const Terminal& terminal) {
  const std::string status = text_at(entry, "status");
  const std::string code = text_at(entry, "error_code");
  const std::string text = printable(text_at(entry, "text"));
  std::string line = painted_status(status, terminal);
  if (!code.empty()) line += " " + terminal.paint(Color::Red, code);
  if (member_at(entry, "moved") == Json(false)) line += " (late, moved nothing)";
  const bool says_more = text != status && text != status + " " + code;
  return says_more && !text.empty() ? line + "  " + text : line;
}

std::string timeline_text(const Json& entry, const Terminal& terminal) {
  const std::string event = text_at(entry, "event");
  if (event == "callback") return timeline_callback(entry, terminal);
  if (event == "status") return timeline_status(entry, terminal);
  return event + "  " + printable(text_at(entry, "text"));
}

// "reroute by "say it with an approved template": …"
std::string decision_text(const Json& decision) {
  std::string text = text_at(decision, "decision");
  if (const std::string rule = text_at(decision, "rule"); !rule.empty()) text += " by " + rule;
  if (const std::string reason = text_at(decision, "reason"); !reason.empty()) {
    text += ": " + reason;
  }
  return text;
}

// Of a send that left no message the ledger has no text.
std::string body_text(const Json& message) {
  if (text_at(message, "status") != "rejected") return text_at(message, "body");
  const std::string rule = text_at(member_at(message, "decision"), "rule");
  return rule.empty() ? "" : "(by " + rule + ")";
}

void print_why(std::string why, const Terminal& terminal) {
  if (why.empty()) why = "the server gives no reason";
  while (!why.empty()) {
    const auto end = why.find('\n');
    const std::string line = why.substr(0, end);
    if (!line.empty())
      terminal.out << terminal.paint(Color::Bold, "why:") << " " << printable(line) << "\n";
    why.erase(0, end == std::string::npos ? end : end + 1);
  }
}

}  // namespace

std::optional<Color> status_color(const std::string& status) {
  if (status == "undelivered" || status == "failed" || status == "rejected") return Color::Red;
  if (status == "delivered" || status == "read") return Color::Green;
  return std::nullopt;
}

void print_messages(const Json& messages, const Terminal& terminal) {
  Table table({"TIME", "SID", "FROM", "TO", "STATUS", "CODE", "BODY"});
  for (const Json& message : messages) {
    const std::string status = text_at(message, "status");
    const std::string sid = text_at(message, "sid");
    table.add({{day_and_time(text_at(message, "date_created")), Color::Dim},
               {sid.empty() ? "-" : sid},
               {text_at(message, "from")},
               {text_at(message, "to")},
               {status, status_color(status)},
               {text_at(message, "error_code"), Color::Red},
               {shortened(printable(body_text(message)), kBodyColumns)}});
  }
  if (table.empty()) {
    terminal.err << "no messages\n";
  } else {
    table.print(terminal);
  }
}

void print_message(const Json& message, const Terminal& terminal) {
  const std::string code = text_at(message, "error_code");
  const std::string sid = text_at(message, "sid");
  const Json& decision = member_at(message, "decision");
  terminal.out << terminal.paint(Color::Bold, sid.empty() ? "no message" : sid) << "  "
               << painted_status(text_at(message, "status"), terminal)
               << (code.empty() ? "" : " " + terminal.paint(Color::Red, code)) << "\n";
  print_field("account", text_at(message, "account_sid"), terminal);
  print_field("direction", text_at(message, "direction"), terminal);
  print_field("from", text_at(message, "from"), terminal);
  print_field("service", text_at(message, "messaging_service_sid"), terminal);
  print_field("to", text_at(message, "to"), terminal);
  print_field("created", day_and_time(text_at(message, "date_created")), terminal);
  print_field("kind", text_at(message, "kind"), terminal);
  print_field("window", window_text(member_at(message, "window")), terminal);
  if (!sid.empty()) print_field("decision", decision_text(decision), terminal);
  print_field("campaign", text_at(decision, "campaign"), terminal);
  print_field("callback", text_at(message, "status_callback"), terminal);
  print_field("error", text_at(message, "error_message"), terminal);
  print_field("body", text_at(message, "body"), terminal);
  if (sid.empty()) {
    print_why("Twindow refused it at once, Twilio has seen nothing: " + text_at(decision, "reason"),
              terminal);
    return;
  }
  terminal.out << "timeline\n";
  for (const Json& entry : member_at(message, "timeline")) {
    terminal.out << "  " << terminal.paint(Color::Dim, day_and_time(text_at(entry, "at"))) << "  "
                 << timeline_text(entry, terminal) << "\n";
  }
  print_why(text_at(message, "why"), terminal);
}

}  // namespace twindow::app
