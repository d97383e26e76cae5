// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/windows.h"

#include <algorithm>
#include <cstdint>
#include <memory>

#include "twindow/wire/form.h"

#include "src/app/cli/ask.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/event_text.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/table.h"
#include "src/app/read_text.h"

namespace twindow::app {

namespace {

std::string user_of(const Json& window) {
  const std::string spelling = text_at(window, "user_spelling");
  return spelling.empty() ? text_at(window, "user") : spelling;
}

void print_windows(const Json& windows, const Terminal& terminal) {
  Table table({"SENDER", "USER", "STATE", "LAST INBOUND", "EXPIRES"});
  for (const Json& window : windows) {
    const std::string state = text_at(window, "state");
    const bool early = text_at(window, "closed_early") == "true";
    table.add({{text_at(window, "sender")},
               {user_of(window)},
               {state, state == "open" ? Color::Green : Color::Red},
               {day_and_time(text_at(window, "last_inbound"))},
               {early ? "(closed early)" : day_and_time(text_at(window, "expires"))}});
  }
  if (table.empty()) {
    terminal.err << "no windows: nobody has written yet\n";
  } else {
    table.print(terminal);
  }
}

Expected<Json, int> ask_windows(const ListWindows& options, Server& server,
                                const Terminal& terminal) {
  return ask(server,
             {"GET", target("/__admin/windows", {{"account", options.client.account},
                                                 {"sender", options.sender},
                                                 {"user", options.user},
                                                 {"state", options.state}})},
             terminal);
}

std::string target_of(const OneWindow& options) {
  return target("/__admin/windows/" + wire::percent_encode(options.sender) + "/" +
                    wire::percent_encode(options.user),
                {{"account", options.client.account}});
}

int show_answer(const OneWindow& options, const ServerCall& call, Server& server,
                const Terminal& terminal) {
  const auto answer = ask(server, call, terminal);
  if (!answer) return answer.error();
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
  } else {
    print_windows(Json::array({*answer}), terminal);
  }
  return kExitOk;
}

int put(const OneWindow& options, const Json& body, Server& server, const Terminal& terminal) {
  const std::string text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return show_answer(options, {"PUT", target_of(options), text}, server, terminal);
}

// RFC 4180: quoted where it must be.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

int list_windows(const ListWindows& options, Server& server, const Terminal& terminal) {
  const auto answer = ask_windows(options, server, terminal);
  if (!answer) return answer.error();
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
  } else {
    print_windows(member_at(*answer, "windows"), terminal);
  }
  return kExitOk;
}

int export_windows(const ListWindows& options, Server& server, const Terminal& terminal) {
  const auto answer = ask_windows(options, server, terminal);
  if (!answer) return answer.error();
  terminal.out << "sender,user,last_inbound,closed_early\n";
  for (const Json& window : member_at(*answer, "windows")) {
    terminal.out << csv_field(text_at(window, "sender")) << "," << csv_field(user_of(window)) << ","
                 << csv_field(text_at(window, "last_inbound")) << ","
                 << csv_field(text_at(window, "closed_early")) << "\n";
  }
  return kExitOk;
}

int show_window(const OneWindow& options, Server& server, const Terminal& terminal) {
  return show_answer(options, {"GET", target_of(options)}, server, terminal);
}

int open_window(const OneWindow& options, Server& server, const Terminal& terminal) {
  const bool open_now = options.last_inbound.empty();
  const Json body =
      open_now ? Json{{"state", "open"}} : Json{{"last_inbound", options.last_inbound}};
  return put(options, body, server, terminal);
}

int close_window(const OneWindow& options, Server& server, const Terminal& terminal) {
  return put(options, Json{{"state", "closed"}}, server, terminal);
}

int import_windows(const ImportWindows& options, Server& server, const Terminal& terminal) {
  const auto csv = read_text(options.file);
  if (!csv) {
    terminal.complain(options.file + " cannot be read (" + csv.error() + ")");
    return kExitUsage;
  }
  const auto answer =
      ask(server,
          {.method = "POST",
           .target = target("/__admin/windows/import", {{"account", options.client.account}}),
           .body = *csv,
           .content_type = "text/csv"},
          terminal);
  if (!answer) return answer.error();
  const Json& errors = member_at(*answer, "errors");
  for (const Json& error : errors) {
    terminal.complain(options.file + ":" + text_at(error, "line") + ": " +
                      text_at(error, "detail"));
  }
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
  } else {
    terminal.out << "imported " << text_at(*answer, "imported") << "\n";
  }
  return errors.empty() ? kExitOk : kExitUsage;
}

namespace {

// While at least one account is being read.
bool is_reading(const Json& backfills) {
  return std::ranges::any_of(backfills,
                             [](const Json& one) { return text_at(one, "state") == "reading"; });
}

std::uint64_t number_at(const Json& object, const std::string& name) {
  const Json& number = member_at(object, name);
  return number.is_number_unsigned() ? number.get<std::uint64_t>() : 0;
}

// "2 of 3 senders, 1200 messages of 340 users"
std::string progress_of(const Json& backfills) {
  std::uint64_t senders = 0;
  std::uint64_t done = 0;
  std::uint64_t messages = 0;
  std::uint64_t users = 0;
  for (const Json& backfill : backfills) {
    for (const Json& sender : member_at(backfill, "senders")) {
      ++senders;
      done += text_at(sender, "state") == "done" ? 1 : 0;
      messages += number_at(sender, "messages");
      users += number_at(sender, "users");
    }
  }
  return std::to_string(done) + " of " + std::to_string(senders) + " senders, " +
         std::to_string(messages) + " messages of " + std::to_string(users) + " users";
}

int tell_end(const Json& backfills, const Terminal& terminal) {
  int exit = kExitOk;
  Table table({"SENDER", "STATE", "MESSAGES", "USERS", "SINCE"});
  for (const Json& backfill : backfills) {
    for (const Json& sender : member_at(backfill, "senders")) {
      const std::string state = text_at(sender, "state");
      table.add({{text_at(sender, "sender")},
                 {state, state == "done" ? Color::Green : Color::Red},
                 {text_at(sender, "messages")},
                 {text_at(sender, "users")},
                 {day_and_time(text_at(sender, "since"))}});
    }
    const std::string error = text_at(backfill, "error");
    if (error.empty()) continue;
    exit = kExitCannotRun;
    terminal.complain(text_at(backfill, "account_sid") + ": " + error);
  }
  if (!table.empty()) table.print(terminal);
  if (table.empty() && exit == kExitOk) terminal.err << "no account has a WhatsApp sender\n";
  return exit;
}

}  // namespace

int backfill_windows(const BackfillWindows& options, Server& server, Surroundings& around) {
  constexpr std::chrono::milliseconds kBetweenLooks{500};
  const Terminal& terminal = around.terminal;
  const std::string where =
      target("/__admin/windows/backfill", {{"account", options.client.account}});
  auto answer = ask(server, {"POST", where}, terminal);
  std::string told;
  while (answer && is_reading(member_at(*answer, "backfills"))) {
    std::string progress = progress_of(member_at(*answer, "backfills"));
    if (progress != told) terminal.err << progress << "\n";
    told = std::move(progress);
    around.pause(kBetweenLooks);
    answer = ask(server, {"GET", where}, terminal);
  }
  if (!answer) return answer.error();
  if (!options.client.json()) return tell_end(member_at(*answer, "backfills"), terminal);
  terminal.out << pretty(*answer) << "\n";
  return kExitOk;
}

namespace {

void add_backfill(CommandTree& tree, CLI::App& family) {
  CLI::App& command =
      tree.command(family, "backfill",
                   {"twindow windows backfill",
                    "Read from Twilio who has written in the last 24 hours (proxy mode)."});
  auto options = std::make_shared<BackfillWindows>();
  CommandTree::add_client_options(command, options->client);
  CommandTree::add_format_option(command, options->client);
  tree.on(command, [options](Surroundings& around) {
    const auto server = CommandTree::connect(options->client, around);
    return backfill_windows(*options, *server, around);
  });
}

void add_one_window(CommandTree& tree, CLI::App& family, const std::string& name,
                    const HelpText& help, int (*run)(const OneWindow&, Server&, const Terminal&)) {
  CLI::App& command = tree.command(family, name, help);
  auto options = tree.on_server(command, run);
  CommandTree::add_format_option(command, options->client);
  command.add_option("SENDER", options->sender, "Your sender, as whatsapp:+14155550100")
      ->required();
  command.add_option("USER", options->user, "The user, in any spelling of the number")->required();
  if (name == "open") {
    command
        .add_option("--last-inbound", options->last_inbound,
                    "When the user last wrote: 2026-01-05T09:00:00Z, or -23h [now]")
        ->type_name("TIME");
  }
}

void add_window_list(CommandTree& tree, CLI::App& family, const std::string& name,
                     const HelpText& help,
                     int (*run)(const ListWindows&, Server&, const Terminal&)) {
  CLI::App& command = tree.command(family, name, help);
  auto options = tree.on_server(command, run);
  if (name == "list") CommandTree::add_format_option(command, options->client);
  command.add_option("--sender", options->sender, "Only this sender")->type_name("ADDRESS");
  command.add_option("--user", options->user, "Only this user")->type_name("ADDRESS");
  command.add_option("--state", options->state, "open or closed")->type_name("STATE");
}

}  // namespace

void add_windows(CommandTree& tree) {
  CLI::App& family =
      tree.family("windows", {"twindow windows open whatsapp:+14155550100 whatsapp:+15555550123",
                              "Who may be written to freely: the 24-hour windows."});
  add_window_list(tree, family, "list",
                  {"twindow windows list --state open", "All windows that were ever open."},
                  list_windows);
  add_one_window(
      tree, family, "show",
      {"twindow windows show whatsapp:+14155550100 whatsapp:+15555550123", "One window."},
      show_window);
  add_one_window(tree, family, "open",
                 {"twindow windows open whatsapp:+14155550100 whatsapp:+15555550123\n"
                  "twindow windows open whatsapp:+14155550100 whatsapp:+15555550123 "
                  "--last-inbound=-23h",
                  "As if the user had just written."},
                 open_window);
  add_one_window(tree, family, "close",
                 {"twindow windows close whatsapp:+14155550100 whatsapp:+15555550123",
                  "As if the user had last written more than 24 hours ago."},
                 close_window);
  CLI::App& import = tree.command(
      family, "import",
      {"twindow windows import windows.csv",
       "Windows from a CSV file with the columns sender,user,last_inbound and perhaps\n"
       "closed_early (true or false); a header may name them in any order."});
  auto imported = tree.on_server(import, import_windows);
  CommandTree::add_format_option(import, imported->client);
  import.add_option("FILE", imported->file, "CSV; /dev/stdin reads a pipe")->required();
  add_window_list(tree, family, "export",
                  {"twindow windows export > windows.csv", "All windows as CSV, for import."},
                  export_windows);
  add_backfill(tree, family);
}

}  // namespace twindow::app
