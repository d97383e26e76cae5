// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/clock.h"

#include <chrono>

#include "twindow/base/duration_text.h"

#include "src/app/cli/ask.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/event_text.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/table.h"

namespace twindow::app {

namespace {

// A day holds thousands of callbacks at most, each answered before the next.
constexpr std::chrono::minutes kLongest{60};

int print_clock(const ClientOptions& client, const Expected<Json, int>& answer,
                const Terminal& terminal) {
  if (!answer) return answer.error();
  if (client.json()) {
    terminal.out << pretty(*answer) << "\n";
    return kExitOk;
  }
  terminal.out << day_and_time(text_at(*answer, "now")) << " UTC, " << text_at(*answer, "mode")
               << "\n";
  Table table({"ACCOUNT", "MODE", "NOW", "NEXT EVENT"});
  for (const Json& account : member_at(*answer, "accounts")) {
    const bool advancing = text_at(account, "advancing") == "true";
    table.add({{text_at(account, "account_sid")},
               {text_at(account, "mode")},
               {day_and_time(text_at(account, "now"))},
               {advancing ? "advancing" : day_and_time(text_at(account, "next_event"))}});
  }
  if (!table.empty()) table.print(terminal);
  return kExitOk;
}

}  // namespace

int show_clock(const ShowClock& options, Server& server, const Terminal& terminal) {
  const ServerCall call{"GET", target("/__admin/clock", {{"account", options.client.account}})};
  return print_clock(options.client, ask(server, call, terminal), terminal);
}

int set_clock(const SetClock& options, Server& server, const Terminal& terminal) {
  if (options.now.empty() && options.mode.empty()) {
    terminal.complain("clock set needs a TIME, such as 2026-01-05T09:00:00Z, or --mode");
    return kExitUsage;
  }
  Json body = Json::object();
  if (!options.now.empty()) body["now"] = options.now;
  if (!options.mode.empty()) body["mode"] = options.mode;
  const ServerCall call{.method = "PUT",
                        .target = target("/__admin/clock", {{"account", options.client.account}}),
                        .body = body.dump(-1, ' ', false, Json::error_handler_t::replace),
                        .longest = kLongest};
  return print_clock(options.client, ask(server, call, terminal), terminal);
}

int advance_clock(const AdvanceClock& options, Server& server, const Terminal& terminal) {
  const auto by = parse_duration(options.by);
  if (!by || *by <= Duration(0)) {
    terminal.complain("found \"" + options.by +
                      "\", expected a duration, such as 250ms, 2s or 24h; time goes forward only");
    return kExitUsage;
  }
  const ServerCall call{
      .method = "POST",
      .target = target("/__admin/clock/advance", {{"account", options.client.account}}),
      .body = Json{{"by", options.by}}.dump(),
      .longest = kLongest};
  const auto answer = ask(server, call, terminal);
  if (!answer) return answer.error();
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
    return kExitOk;
  }
  for (const Json& event : member_at(*answer, "events")) {
    terminal.out << event_line(event, terminal) << "\n";
  }
  terminal.out << "now " << day_and_time(text_at(*answer, "now")) << " UTC\n";
  return kExitOk;
}

void add_clock(CommandTree& tree) {
  CLI::App& family = tree.family(
      "clock", {"twindow clock advance 24h", "Look at the simulator's time, and move it."});

  CLI::App& show = tree.command(
      family, "show", {"twindow clock show", "What time it is, and when something happens next."});
  auto shown = tree.on_server(show, show_clock);
  CommandTree::add_format_option(show, shown->client);

  CLI::App& advance = tree.command(
      family, "advance",
      {"twindow clock advance 24h",
       "Let time pass: everything that is due happens, and is shown, before this returns."});
  auto advanced = tree.on_server(advance, advance_clock);
  CommandTree::add_format_option(advance, advanced->client);
  advance.add_option("DURATION", advanced->by, "250ms, 2s, 90m, 24h, 2d")->required();

  CLI::App& set = tree.command(family, "set",
                               {"twindow clock set 2026-01-05T09:00:00Z\n"
                                "twindow clock set --mode manual",
                                "Set the time (forward only), or how it moves."});
  auto setting = tree.on_server(set, set_clock);
  CommandTree::add_format_option(set, setting->client);
  set.add_option("TIME", setting->now, "As 2026-01-05T09:00:00Z");
  set.add_option("--mode", setting->mode, "real, manual or auto")->type_name("MODE");
}

}  // namespace twindow::app
