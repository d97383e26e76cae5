// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/trigger.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <optional>

#include "twindow/model/message_status.h"

#include "src/app/cli/ask.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/event_text.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/messages.h"
#include "src/app/suggestion.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;

// The app may take its 15 s to answer, and may send more before it does.
constexpr auto kLongest = 60s;

struct NamedEvent {
  std::string name;  // "inbound", or a status
  std::string code;
};

std::vector<std::string> known_events() {
  std::vector<std::string> events{"message.inbound"};
  for (const auto& row : detail::kStatusTable) events.push_back("message." + std::string(row.wire));
  return events;
}

std::optional<NamedEvent> parse_event(const std::string& text, const Terminal& terminal) {
  const auto colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const std::string code = colon == std::string::npos ? "" : text.substr(colon + 1);
  const std::vector<std::string> known = known_events();
  if (std::ranges::find(known, name) == known.end()) {
    std::string guess = did_you_mean(name, known);
    if (guess.empty()) guess = ", such as message.inbound or message.undelivered:63016";
    terminal.complain("found \"" + text + "\", expected an event" + guess);
    return std::nullopt;
  }
  const bool takes_code = name == "message.undelivered" || name == "message.failed";
  const bool is_number =
      !code.empty() && std::ranges::all_of(code, [](unsigned char c) { return std::isdigit(c); });
  if (colon != std::string::npos && !(takes_code && is_number)) {
    terminal.complain("found \"" + text +
                      "\", expected an error code only behind message.undelivered or "
                      "message.failed, such as message.undelivered:63016");
    return std::nullopt;
  }
  return NamedEvent{name.substr(std::string("message.").size()), code};
}

bool add_parameters(const std::vector<std::string>& set, Json& body, const Terminal& terminal) {
  for (const std::string& pair : set) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      terminal.complain("--set: found \"" + pair + "\", expected Key=Value, such as Body=hi");
      return false;
    }
    body[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return true;
}

ServerCall post(const Trigger& options, const std::string& path, const Json& body) {
  return {.method = "POST",
          .target = target(path, {{"account", options.client.account}}),
          .body = body.dump(-1, ' ', false, Json::error_handler_t::replace),
          .longest = kLongest};
}

void print_webhook(const Json& answer, const char* if_none, const Terminal& terminal) {
  const Json& webhook = member_at(answer, "webhook");
  terminal.out << "webhook " << (webhook.is_null() ? if_none : webhook_text(webhook, terminal))
               << "\n";
}

// A reply is a message, or only its SID.
void print_reply(const Json& reply, const Terminal& terminal) {
  if (reply.is_string()) {
    terminal.out << "reply [" << reply.get<std::string>() << "]\n";
    return;
  }
  terminal.out << "reply [" << text_at(reply, "sid") << "] " << text_at(reply, "status") << " "
               << text_at(reply, "to") << " \"" << printable(text_at(reply, "body")) << "\"\n";
}

int trigger_inbound(const Trigger& options, Server& server, const Terminal& terminal) {
  if (options.from.empty() || options.to.empty()) {
    terminal.complain("message.inbound needs --from (the user) and --to (your sender)");
    return kExitUsage;
  }
  Json body{{"From", options.from}, {"To", options.to}};
  if (!add_parameters(options.set, body, terminal)) return kExitUsage;
  const auto answer =
      ask(server, post(options, "/__admin/simulate/inbound-message", body), terminal);
  if (!answer) return answer.error();
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
    return kExitOk;
  }
  terminal.out << "message.inbound [" << text_at(*answer, "MessageSid") << "] " << options.from
               << " --> " << options.to << "\n";
  if (const Json& window = member_at(*answer, "window"); window.is_object()) {
    terminal.out << "window " << text_at(window, "state") << " until "
                 << day_and_time(text_at(window, "expires")) << "\n";
  }
  print_webhook(*answer,
                "none: this sender has no inbound URL (--inbound-url, or PUT /__admin/senders)",
                terminal);
  for (const Json& reply : member_at(*answer, "replies")) print_reply(reply, terminal);
  return kExitOk;
}

int trigger_status(const Trigger& options, const NamedEvent& event, Server& server,
                   const Terminal& terminal) {
  if (options.sid.empty() && options.to.empty()) {
    terminal.complain("message." + event.name +
                      " needs --sid (of the message), or --to (the last message to that number)");
    return kExitUsage;
  }
  Json body{{"MessageSid", ""}, {"MessageStatus", event.name}};
  if (!event.code.empty()) body["ErrorCode"] = event.code;
  if (!add_parameters(options.set, body, terminal)) return kExitUsage;
  const auto sid = message_sid_of(options.sid.empty() ? options.to : options.sid,
                                  options.client.account, server, terminal);
  if (!sid) return sid.error();
  body["MessageSid"] = *sid;
  const auto answer =
      ask(server, post(options, "/__admin/simulate/message-status", body), terminal);
  if (!answer) return answer.error();
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
    return kExitOk;
  }
  const Json& message = member_at(*answer, "message");
  terminal.out << "message." << event.name << (event.code.empty() ? "" : " " + event.code) << " ["
               << *sid << "] " << text_at(message, "to") << "\n";
  if (member_at(*answer, "moved") == Json(false)) {
    terminal.out << "recorded, but the message stays "
                 << painted_status(text_at(message, "status"), terminal) << "\n";
  }
  print_webhook(*answer, "none", terminal);
  return kExitOk;
}

}  // namespace

int trigger(const Trigger& options, Server& server, const Terminal& terminal) {
  const auto event = parse_event(options.event, terminal);
  if (!event) return kExitUsage;
  return event->name == "inbound" ? trigger_inbound(options, server, terminal)
                                  : trigger_status(options, *event, server, terminal);
}

void add_trigger(CommandTree& tree) {
  CLI::App& command = tree.command(
      tree.root(), "trigger",
      {"twindow trigger message.inbound --from whatsapp:+15555550123 --to whatsapp:+14155550100 "
       "--set Body=hi\n"
       "twindow trigger message.undelivered:63016 --sid SM0123456789abcdef0123456789abcdef",
       "Make one thing happen: a user writes, or a message comes to a status.\n"
       "Events: message.inbound, message.sent, message.delivered, message.read,\n"
       "message.undelivered:CODE, message.failed:CODE."});
  auto options = tree.on_server(command, trigger);
  CommandTree::add_format_option(command, options->client);
  command.add_option("EVENT", options->event, "What is to happen")->required();
  command.add_option("--from", options->from, "Who writes")->type_name("ADDRESS");
  command.add_option("--to", options->to, "To whom")->type_name("ADDRESS");
  command.add_option("--sid", options->sid, "Which message")->type_name("SM...");
  command
      .add_option("--set", options->set,
                  "Any parameter of Twilio's webhook, such as Body=hi (repeatable)")
      ->type_name("KEY=VALUE")
      ->take_all();
}

}  // namespace twindow::app
