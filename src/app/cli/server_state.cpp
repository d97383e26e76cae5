// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/server_state.h"

#include <algorithm>
#include <chrono>

#include "twindow/base/duration_text.h"

#include "src/app/cli/ask.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"

namespace twindow::app {

namespace {

using namespace std::chrono_literals;

constexpr auto kBetweenTries = 100ms;
constexpr auto kOneTry = 2s;

struct Readiness {
  bool ready;
  bool can_change;  // false: it is no use asking again
  std::string text;
};

Readiness ask_readiness(Server& server, std::chrono::milliseconds longest) {
  const auto reply = server.call({.method = "GET", .target = "/readyz", .longest = longest});
  if (!reply) return {false, reply.error().code != Errc::BadInput, reply.error().detail};
  std::string text = reply->body.substr(0, reply->body.find('\n'));
  if (reply->status == 200) return {true, true, text};
  if (reply->status == 503) return {false, true, text};
  return {false, true, "the server answered " + std::to_string(reply->status)};
}

}  // namespace

int reset(const Reset& options, Server& server, const Terminal& terminal) {
  const auto answer = ask(
      server, {"POST", target("/__admin/reset", {{"account", options.client.account}})}, terminal);
  if (!answer) return answer.error();
  if (options.client.json()) {
    terminal.out << pretty(*answer) << "\n";
    return kExitOk;
  }
  const Json& accounts = member_at(*answer, "reset");
  if (accounts.empty()) terminal.out << "nothing to forget\n";
  for (const Json& account : accounts) {
    if (account.is_string()) terminal.out << "reset " << account.get<std::string>() << "\n";
  }
  return kExitOk;
}

int readyz(const Readyz& options, Server& server, Surroundings& around) {
  const auto timeout = parse_duration(options.timeout);
  if (!timeout || *timeout <= Duration(0)) {
    around.terminal.complain("--timeout: found \"" + options.timeout +
                             "\", expected a duration, such as 30s");
    return kExitUsage;
  }
  const auto deadline = around.now() + *timeout;
  Readiness readiness = ask_readiness(server, kOneTry);
  while (options.wait && !readiness.ready && readiness.can_change) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - around.now());
    if (left <= 0ms) break;
    around.pause(std::min<std::chrono::milliseconds>(kBetweenTries, left));
    readiness = ask_readiness(server, std::min<std::chrono::milliseconds>(kOneTry, left));
  }
  if (readiness.ready) {
    around.terminal.out << "ready\n";
    return kExitOk;
  }
  around.terminal.complain("not ready" +
                           std::string(options.wait ? " after " + options.timeout : "") + ": " +
                           readiness.text);
  return readiness.can_change ? kExitCannotRun : kExitUsage;
}

void add_reset(CommandTree& tree) {
  CLI::App& command = tree.command(
      tree.root(), "reset",
      {"twindow reset", "Forget messages, windows and callbacks; the configuration stays."});
  auto options = tree.on_server(command, reset);
  CommandTree::add_format_option(command, options->client);
}

void add_readyz(CommandTree& tree) {
  CLI::App& command = tree.command(
      tree.root(), "readyz",
      {"twindow readyz --wait --timeout 30s",
       "Is the server ready? Exit code 0 if so, 3 if not: for containers and scripts."});
  auto options = std::make_shared<Readyz>();
  command
      .add_option("--server", options->client.server,
                  "Control API of the server [TWINDOW_SERVER, else http://127.0.0.1:4011]")
      ->type_name("URL");
  command.add_flag("--wait", options->wait, "Ask again until it is");
  command.add_option("--timeout", options->timeout, "With --wait: how long [30s]")
      ->type_name("DURATION");
  tree.on(command, [options](Surroundings& around) {
    const auto server = CommandTree::connect(options->client, around);
    return readyz(*options, *server, around);
  });
}

}  // namespace twindow::app
