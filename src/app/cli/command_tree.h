// SPDX-License-Identifier: Apache-2.0
// The tree of commands while it is put together: each family of commands adds its own
// (commands.h), and the one that the user named is then the chosen action.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "src/app/cli/client_options.h"
#include "src/app/cli/surroundings.h"

namespace twindow::app {

using Action = std::function<int(Surroundings&)>;

struct HelpText {
  const char* example;  // one or more command lines, shown first
  const char* text;     // one sentence; its first line is shown in the list of commands
};

class CommandTree {
 public:
  CommandTree();

  CLI::App& root() { return root_; }
  const Action& chosen() const { return chosen_; }

  CLI::App& command(CLI::App& parent, const std::string& name, const HelpText& help);
  // A command that consists of others: "messages".
  CLI::App& family(const std::string& name, const HelpText& help);
  void on(CLI::App& command, Action action);

  // A command of the contract that this version does not have: says so.
  void not_yet(CLI::App& parent, const std::string& name, const std::string& text);

  // Runs `run` with the named server. `Options` has a member `client`.
  template <class Options>
  std::shared_ptr<Options> on_server(CLI::App& command,
                                     int (*run)(const Options&, Server&, const Terminal&)) {
    auto options = std::make_shared<Options>();
    add_client_options(command, options->client);
    on(command, [options, run](Surroundings& around) {
      const auto server = connect(options->client, around);
      return run(*options, *server, around.terminal);
    });
    return options;
  }

  static void add_client_options(CLI::App& command, ClientOptions& client);
  static void add_format_option(CLI::App& command, ClientOptions& client);
  static std::unique_ptr<Server> connect(const ClientOptions& client, Surroundings& around);

 private:
  CLI::App root_;
  Action chosen_ = {};
};

}  // namespace twindow::app
