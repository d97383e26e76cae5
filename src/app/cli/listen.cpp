// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/listen.h"

#include "src/app/cli/ask.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/event_text.h"
#include "src/app/cli/exit_code.h"

namespace twindow::app {

int listen(const Listen& options, Server& server, const Terminal& terminal) {
  // A stream that is refused says so in no words for people; a call does.
  const auto there = ask(server, {"GET", "/__admin/version"}, terminal);
  if (!there) return there.error();
  const auto say_so = [&] {
    if (options.client.json()) return;
    terminal.err << "listening to " << server.url() << "; Ctrl-C ends it" << std::endl;
  };
  const auto ended = server.follow(
      target("/__admin/events", {{"account", options.client.account}, {"type", options.type}}),
      [&](std::string_view, std::string_view data) {
        const Json event = Json::parse(data, nullptr, false);
        if (event.is_discarded()) return true;
        if (options.client.json()) {
          terminal.out << event.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
        } else {
          // A line at a time: whoever reads a pipe wants each event when it happens.
          terminal.out << event_line(event, terminal) << std::endl;
        }
        return terminal.out.good();
      },
      say_so);
  if (!ended) return tell_no_answer(ended.error(), terminal);
  if (!terminal.out.good()) return kExitOk;
  terminal.complain("the server ended the stream");
  return kExitCannotRun;
}

void add_listen(CommandTree& tree) {
  CLI::App& command =
      tree.command(tree.root(), "listen",
                   {"twindow listen --type message.undelivered",
                    "Follow what happens: --> an event, <-- how the app answered its webhook."});
  auto options = tree.on_server(command, listen);
  CommandTree::add_format_option(command, options->client);
  command
      .add_option("--type", options->type,
                  "Only types that begin so: message, window, callback, decision")
      ->type_name("TYPE");
}

}  // namespace twindow::app
