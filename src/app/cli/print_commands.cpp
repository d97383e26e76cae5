// SPDX-License-Identifier: Apache-2.0
// The commands that only print: `version`, `schema config`, `sdk-snippet`.
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/sdk_snippet.h"
#include "src/app/config_schema.h"
#include "src/app/config_values.h"
#include "src/app/suggestion.h"
#include "src/app/version.h"

namespace twindow::app {

namespace {

struct SnippetOptions {
  std::string language;
  std::string url = "http://127.0.0.1:4010";
};

int print_snippet(const SnippetOptions& options, const Terminal& terminal) {
  const auto origin = parse_origin(options.url);
  if (!origin) {
    terminal.complain("--url: found " + shown(options.url) +
                      ", expected a URL without a path, such as \"http://127.0.0.1:4010\"");
    return kExitUsage;
  }
  const auto snippet = sdk_snippet(options.language, *origin);
  if (!snippet) {
    std::string text = "found \"" + options.language + "\", expected one of";
    for (const std::string& language : sdk_languages()) text += " " + language;
    terminal.complain(text + did_you_mean(options.language, sdk_languages()));
    return kExitUsage;
  }
  terminal.out << *snippet;
  return kExitOk;
}

}  // namespace

void add_version(CommandTree& tree) {
  CLI::App& command =
      tree.command(tree.root(), "version", {"twindow version", "Show the version."});
  tree.on(command, [](Surroundings& around) {
    around.terminal.out << "twindow " << kVersion << "\n";
    return kExitOk;
  });
}

void add_schema(CommandTree& tree) {
  CLI::App& family = tree.family("schema", {"twindow schema config > twindow.schema.json",
                                            "JSON Schemas of the files, for editors."});
  CLI::App& config = tree.command(
      family, "config",
      {"twindow schema config > twindow.schema.json",
       "The JSON Schema of the configuration file. Name it in the file as \"$schema\", and the\n"
       "editor completes and checks."});
  tree.on(config, [](Surroundings& around) {
    around.terminal.out << config_schema();
    return kExitOk;
  });
  tree.not_yet(family, "policy", "The JSON Schema of the policy file");
  tree.not_yet(family, "scenario", "The JSON Schema of scenario files");
}

void add_sdk_snippet(CommandTree& tree) {
  CLI::App& command = tree.command(
      tree.root(), "sdk-snippet",
      {"twindow sdk-snippet node\n"
       "eval \"$(twindow sdk-snippet env)\"",
       "The lines that point an app at this server, in its language.\n"
       "No SDK reads its base URL from the environment: the lines do, from TWILIO_BASE_URL, and\n"
       "without it the app talks to Twilio as before."});
  auto options = std::make_shared<SnippetOptions>();
  command
      .add_option("LANGUAGE", options->language,
                  "node, python, java, go, php, ruby, csharp, or env for the variables")
      ->required();
  command
      .add_option("--url", options->url, "Where the Twilio API is served [http://127.0.0.1:4010]")
      ->type_name("URL");
  tree.on(command,
          [options](Surroundings& around) { return print_snippet(*options, around.terminal); });
}

}  // namespace twindow::app
