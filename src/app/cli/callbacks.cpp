// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/callbacks.h"

#include <chrono>

#include "twindow/wire/form.h"

#include "src/app/cli/ask.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/event_text.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/table.h"

namespace twindow::app {

namespace {

std::string answer_of(const Json& callback) {
  const std::string status = text_at(callback, "status");
  return status.empty() || status == "0" ? "---" : status;
}

Color color_of(const Json& callback) {
  return answer_of(callback).starts_with('2') ? Color::Green : Color::Red;
}

void print_field(const char* name, const std::string& value, const Terminal& terminal) {
  if (value.empty()) return;
  std::string label = name;
  label.resize(std::max<std::size_t>(label.size(), 10), ' ');
  terminal.out << "  " << terminal.paint(Color::Dim, label) << " " << printable(value) << "\n";
}

void print_callback(const Json& callback, const Terminal& terminal) {
  terminal.out << terminal.paint(Color::Bold, text_at(callback, "id")) << "  "
               << webhook_text(callback, terminal) << "\n";
  print_field("at", day_and_time(text_at(callback, "at")), terminal);
  print_field("type", text_at(callback, "type"), terminal);
  print_field("message", text_at(callback, "message_sid"), terminal);
  print_field("status", text_at(callback, "message_status"), terminal);
  if (text_at(callback, "posted_to") != text_at(callback, "url")) {
    print_field("posted to", text_at(callback, "posted_to"), terminal);
  }
  if (text_at(callback, "signed_url") != text_at(callback, "url")) {
    print_field("signed for", text_at(callback, "signed_url"), terminal);
  }
  print_field("signature", text_at(callback, "signature"), terminal);
  print_field("tries", text_at(callback, "tries"), terminal);
  const std::string latency = text_at(callback, "latency_ms");
  print_field("latency", latency.empty() ? "" : latency + "ms", terminal);
  print_field("request", text_at(member_at(callback, "request"), "body"), terminal);
  print_field("response", text_at(member_at(callback, "response"), "body"), terminal);
}

int one(const OneCallback& options, const ServerCall& call, Server& server,
        const Terminal& terminal) {
  const auto answer = ask(server, call, terminal);
  if (!answer) return answer.error();
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
  } else {
    print_callback(*answer, terminal);
  }
  return kExitOk;
}

}  // namespace

int list_callbacks(const ListCallbacks& options, Server& server, const Terminal& terminal) {
  const auto answer =
      ask(server,
          {"GET", target("/__admin/callbacks", {{"account", options.client.account},
                                                {"message", options.message},
                                                {"limit", std::to_string(options.limit)},
                                                {"before", options.before}})},
          terminal);
  if (!answer) return answer.error();
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
    return kExitOk;
  }
  Table table({"TIME", "ID", "TYPE", "STATUS", "ANSWER", "URL"});
  for (const Json& callback : member_at(*answer, "callbacks")) {
    table.add({{day_and_time(text_at(callback, "at")), Color::Dim},
               {text_at(callback, "id")},
               {text_at(callback, "type")},
               {text_at(callback, "message_status")},
               {answer_of(callback), color_of(callback)},
               {text_at(callback, "url")}});
  }
  if (table.empty()) {
    terminal.err << "no callbacks\n";
  } else {
    table.print(terminal);
  }
  if (const std::string next = text_at(*answer, "next"); !next.empty()) {
    terminal.err << "older ones: --before " << next << "\n";
  }
  return kExitOk;
}

int show_callback(const OneCallback& options, Server& server, const Terminal& terminal) {
  const std::string path = "/__admin/callbacks/" + wire::percent_encode(options.id);
  return one(options, {"GET", target(path, {{"account", options.client.account}})}, server,
             terminal);
}

int resend_callback(const OneCallback& options, Server& server, const Terminal& terminal) {
  const std::string path = "/__admin/callbacks/" + wire::percent_encode(options.id) + "/resend";
  return one(options,
             {.method = "POST",
              .target = target(path, {{"account", options.client.account}}),
              .longest = std::chrono::seconds(60)},
             server, terminal);
}

void add_callbacks(CommandTree& tree) {
  CLI::App& family = tree.family(
      "callbacks", {"twindow callbacks list --message SM0123456789abcdef0123456789abcdef",
                    "Look at the webhooks that the app was sent, and send one again."});
  CLI::App& list = tree.command(family, "list",
                                {"twindow callbacks list --limit 10", "The newest, newest first."});
  auto listed = tree.on_server(list, list_callbacks);
  CommandTree::add_format_option(list, listed->client);
  list.add_option("--message", listed->message, "Only those of this message")->type_name("SM...");
  list.add_option("--limit", listed->limit, "At most so many [50]")->type_name("N");
  list.add_option("--before", listed->before, "Only those older than this one")->type_name("CB...");

  CLI::App& show = tree.command(family, "show",
                                {"twindow callbacks show CB0123456789abcdef0123456789abcdef",
                                 "One: what was sent, what was signed, what the app answered."});
  auto shown = tree.on_server(show, show_callback);
  CommandTree::add_format_option(show, shown->client);
  show.add_option("ID", shown->id, "Of the callback")->required();

  CLI::App& resend = tree.command(family, "resend",
                                  {"twindow callbacks resend CB0123456789abcdef0123456789abcdef",
                                   "Send it again: same parameters, same idempotency token."});
  auto resent = tree.on_server(resend, resend_callback);
  CommandTree::add_format_option(resend, resent->client);
  resend.add_option("ID", resent->id, "Of the callback")->required();
}

}  // namespace twindow::app
