// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/explain.h"

#include "src/app/cli/ask.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/event_text.h"
#include "src/app/cli/exit_code.h"

namespace twindow::app {

namespace {

Json body_of(const Explain& options) {
  Json body = Json::object();
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) body[name] = value;
  };
  add("From", options.from);
  add("To", options.to);
  add("MessagingServiceSid", options.service);
  add("Body", options.body);
  add("MediaUrl", options.media);
  add("ContentSid", options.content_sid);
  add("ContentVariables", options.variables);
  add("AccountSid", options.client.account);
  add("at", options.at);
  return body;
}

Color color_of(const std::string& decision) {
  if (decision == "pass" || decision == "observe") return Color::Green;
  return decision == "reject" ? Color::Red : Color::Yellow;
}

void print(const Json& answer, const Terminal& terminal) {
  const std::string decision = text_at(answer, "decision");
  std::string headline = decision;
  if (const Json code = member_at(answer, "code"); code.is_number()) headline += " " + code.dump();
  terminal.out << terminal.paint(color_of(decision), headline) << "\n";
  const auto line = [&](const char* name, const std::string& value) {
    if (!value.empty()) terminal.out << "  " << name << value << "\n";
  };
  line("rule      ", text_at(answer, "rule"));
  line("reason    ", text_at(answer, "reason"));
  line("kind      ", text_at(answer, "kind"));
  const Json window = member_at(answer, "window");
  std::string state = text_at(window, "state");
  const std::string last = text_at(window, "last_inbound");
  if (!last.empty()) {
    state += ", last inbound " + day_and_time(last) + ", expires " +
             day_and_time(text_at(window, "expires"));
  }
  line("window    ", state);
  if (const Json use = member_at(answer, "template"); use.is_object()) {
    line("template  ",
         text_at(use, "ContentSid") + " " + member_at(use, "ContentVariables").dump());
  }
  line("would     ", text_at(answer, "would"));
  if (text_at(answer, "gate") == "off") {
    terminal.out << "No policy is in force here (--policy): this is what the built-in one says.\n";
  }
}

}  // namespace

int explain(const Explain& options, Server& server, const Terminal& terminal) {
  const std::string body = body_of(options).dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto answer = ask(server, {"POST", "/__admin/explain", body}, terminal);
  if (!answer) return answer.error();
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
  } else {
    print(*answer, terminal);
  }
  return kExitOk;
}

void add_explain(CommandTree& tree) {
  CLI::App& command = tree.command(
      tree.root(), "explain",
      {"twindow explain --from whatsapp:+14155550100 --to whatsapp:+15555550123 --body \"Hi\"",
       "What would become of a send, and why. Nothing is sent."});
  const auto options = tree.on_server<Explain>(command, explain);
  CommandTree::add_format_option(command, options->client);
  command.add_option("--from", options->from, "The sender");
  command.add_option("--to", options->to, "The recipient")->required();
  command.add_option("--service", options->service, "A Messaging Service (MG…) in place of --from");
  command.add_option("--body", options->body, "The text");
  command.add_option("--media", options->media, "The URL of a picture or file");
  command.add_option("--content-sid", options->content_sid, "A template (HX…)");
  command.add_option("--vars", options->variables, "Its variables, as JSON: {\"1\":\"Ana\"}");
  command.add_option("--at", options->at, "As if it were then, as 2026-01-05T09:00:00Z [now]");
}

}  // namespace twindow::app
