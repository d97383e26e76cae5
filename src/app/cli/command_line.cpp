// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/command_line.h"

#include <algorithm>

#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/suggestion.h"
#include "src/app/version.h"

namespace twindow::app {

namespace {

void add_later_commands(CommandTree& tree) {
  CLI::App& root = tree.root();
  tree.not_yet(root, "preflight", "The same for a whole audience");
  tree.not_yet(root, "report", "What was passed, stopped, delivered, and what it cost");
}

void fill(CommandTree& tree) {
  CLI::App& root = tree.root();
  root.description("A stand-in for Twilio on your machine that knows WhatsApp's 24-hour window.");
  root.footer(
      "twindow\n"
      "twindow trigger message.inbound --from whatsapp:+15555550123 --to whatsapp:+14155550100 "
      "--set Body=hi\n"
      "twindow messages list");
  root.add_flag_callback(
      "--version", [] {}, "Show the version");
  add_serve(tree);
  add_test(tree);
  add_trigger(tree);
  add_listen(tree);
  add_messages(tree);
  add_windows(tree);
  add_clock(tree);
  add_callbacks(tree);
  add_capture(tree);
  add_reset(tree);
  add_readyz(tree);
  add_sdk_snippet(tree);
  add_ca(tree);
  add_doctor(tree);
  add_explain(tree);
  add_validate(tree);
  add_schema(tree);
  add_version(tree);
  add_later_commands(tree);
}

bool is_option(const std::string& argument) { return argument.starts_with('-'); }

// `twindow --server URL messages list` is as good as `twindow messages list --server URL`, and
// `twindow`, `twindow --listen …` is `twindow serve …`.
std::vector<std::string> in_usual_order(const std::vector<std::string>& arguments) {
  std::vector<std::string> leading;
  std::size_t i = 0;
  while (i < arguments.size()) {
    const std::string& argument = arguments[i];
    const std::string name = argument.substr(0, argument.find('='));
    if (name != "--server" && name != "--account" && name != "--format") break;
    const std::size_t words = argument == name ? 2 : 1;
    for (std::size_t n = 0; n < words && i < arguments.size(); ++n) {
      leading.push_back(arguments[i++]);
    }
  }
  std::vector<std::string> rest(arguments.begin() + static_cast<std::ptrdiff_t>(i),
                                arguments.end());
  const bool about_all =
      !rest.empty() && (rest[0] == "-h" || rest[0] == "--help" || rest[0] == "--version");
  if (!about_all && (rest.empty() || is_option(rest[0]))) rest.insert(rest.begin(), "serve");
  rest.insert(rest.end(), leading.begin(), leading.end());
  return rest;
}

std::vector<std::string> names_below(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
  }
  return names;
}

// The command that the arguments name, and how they are wrong where they name none.
struct Named {
  const CLI::App* app;
  std::string mistake = {};
};

Named named_command(const CLI::App& root, const std::vector<std::string>& arguments) {
  const CLI::App* app = &root;
  for (const std::string& argument : arguments) {
    const std::vector<std::string> names = names_below(*app);
    if (names.empty() || is_option(argument)) break;
    if (std::ranges::find(names, argument) == names.end()) {
      std::string mistake = "no command \"" + argument + "\"";
      if (app != &root) mistake += " in \"" + app->get_name() + "\"";
      std::string guess = did_you_mean(argument, names);
      if (guess.empty()) guess = "; \"twindow --help\" lists them";
      return {app, mistake + guess};
    }
    app = app->get_subcommand(argument);
  }
  return {app};
}

std::string full_name(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return (parent == nullptr ? "" : full_name(*parent) + " ") + app.get_name();
}

// `twindow help messages list` is `twindow messages list --help`.
void put_help_last(std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments.front() != "help") return;
  const auto first =
      std::ranges::find_if(arguments, [](const auto& word) { return word != "help"; });
  arguments.erase(arguments.begin(), first);
  arguments.emplace_back("--help");
}

// An option of one value that stands there several times; empty if there is none.
std::string repeated_option(const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    const bool single = option->nonpositional() && option->get_expected_max() <= 1;
    if (single && option->get_type_size() > 0 && option->results().size() > 1) {
      return option->get_name();
    }
  }
  return "";
}

// CLI11's own words for it, or better ones.
std::string usage_mistake(const CLI::ParseError& error, const CLI::App& app) {
  if (const std::vector<std::string> names = names_below(app); !names.empty()) {
    std::string text = "\"" + app.get_name() + "\" needs a command:";
    for (const std::string& name : names) text += (name == names.front() ? " " : ", ") + name;
    return text;
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    if (const std::string name = repeated_option(app); !name.empty()) {
      return name + ": found more than once, expected one value";
    }
  }
  if (dynamic_cast<const CLI::ConversionError*>(&error) != nullptr) {
    // "Could not convert: --limit = many". Only numbers are converted.
    std::string text = error.what();
    const auto name = text.find(": ");
    const auto value = text.find(" = ");
    if (name == text.npos || value == text.npos) return text;
    return text.substr(name + 2, value - name - 2) + ": found \"" + text.substr(value + 3) +
           "\", expected a whole number";
  }
  const std::vector<std::string> extras = app.remaining();
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr || extras.empty())
    return error.what();
  const std::string extra = extras.front().substr(0, extras.front().find('='));
  if (!is_option(extra)) return "\"" + extra + "\" is one argument too many";
  std::vector<std::string> options;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
  }
  return "no option \"" + extra + "\"" + did_you_mean(extra, options);
}

// `twindow test PATH -- npm start`: what stands behind the dashes is no argument of ours.
std::vector<std::string> take_command(std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments.front() != "test") return {};
  const auto dashes = std::ranges::find(arguments, "--");
  if (dashes == arguments.end()) return {};
  std::vector<std::string> command(dashes + 1, arguments.end());
  arguments.erase(dashes, arguments.end());
  return command;
}

int run(const std::vector<std::string>& arguments, Surroundings& surroundings) {
  const Terminal& terminal = surroundings.terminal;
  CommandTree tree;
  fill(tree);
  std::vector<std::string> ordered = in_usual_order(arguments);
  put_help_last(ordered);
  surroundings.behind_dashes = take_command(ordered);
  const Named named = named_command(tree.root(), ordered);
  if (!named.mistake.empty()) {
    terminal.complain(named.mistake);
    return kExitUsage;
  }
  try {
    std::ranges::reverse(ordered);  // CLI11 takes them from the end
    tree.root().parse(ordered);
  } catch (const CLI::CallForHelp&) {
    terminal.out << tree.root().help();
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    terminal.complain(usage_mistake(error, *named.app));
    terminal.complain("\"" + full_name(*named.app) + " --help\" shows how it is used");
    return kExitUsage;
  }
  if (tree.root().count("--version") > 0) {
    terminal.out << "twindow " << kVersion << "\n";
    return kExitOk;
  }
  return tree.chosen()(surroundings);
}

}  // namespace

int run_command_line(const std::vector<std::string>& arguments, Surroundings& surroundings) {
  try {
    return run(arguments, surroundings);
  } catch (const std::exception& error) {
    // A library's exception that nobody expected: a bug, but not a reason for a core dump.
    surroundings.terminal.complain(std::string("internal error: ") + error.what());
    return kExitCannotRun;
  }
}

}  // namespace twindow::app
