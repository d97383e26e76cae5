// SPDX-License-Identifier: Apache-2.0
// `sdk-snippet`: finds out where the server and its CA are, then prints.
#include <algorithm>
#include <filesystem>

#include "src/app/ca_files.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/refusal.h"
#include "src/app/cli/sdk_snippet.h"
#include "src/app/cli/token_option.h"
#include "src/app/config_load.h"
#include "src/app/config_values.h"
#include "src/app/json.h"
#include "src/app/read_text.h"
#include "src/app/suggestion.h"

namespace twindow::app {

namespace {

constexpr const char* kDefaultApi = "http://127.0.0.1:4010";
constexpr auto kPatience = std::chrono::seconds(1);

struct SnippetOptions {
  std::string language;
  std::string url;
  std::string ca_file;
  bool proxy = false;
  ClientOptions client;
};

// An address that only says "all of this machine's" is reached as the control API was.
std::string reachable_host(const Endpoint& api, std::string server_url) {
  if (api.host != "0.0.0.0" && api.host != "::") return to_text(api);
  server_url.erase(0, server_url.find("://") + 3);
  const auto colon = server_url.rfind(':');
  if (colon != server_url.npos && !server_url.ends_with(']')) server_url.erase(colon);
  return server_url + ":" + std::to_string(api.port);
}

// What it answers for us, if it is there; what it refuses was told, and the error is the exit code.
Expected<std::optional<std::string>, int> ask_if_there(Server& server, const std::string& path,
                                                       const Terminal& terminal) {
  const ServerCall call{.method = "GET", .target = path, .longest = kPatience};
  auto reply = server.call(call);
  if (!reply) return std::optional<std::string>();
  if (reply->status == 200) return std::optional(std::move(reply->body));
  return Unexpected(tell_refusal(*reply, terminal));
}

// Where the running server says that its API is, and whether the real Twilio is behind it; without
// a server, where it would be by default.
Expected<SdkTarget, int> target_of_server(Server& server, const Terminal& terminal) {
  SdkTarget target{.origin = kDefaultApi, .ca_file = {}};
  const auto said = TWINDOW_TRY(ask_if_there(server, "/__admin/info", terminal));
  if (!said) return target;
  const Json info = Json::parse(*said, nullptr, false);
  const auto api = parse_endpoint(text_at(info, "listen"));
  const auto origin = parse_origin(api ? "http://" + reachable_host(*api, server.url()) : "");
  target.origin = origin.value_or(kDefaultApi);
  target.proxy = text_at(info, "mode") == "proxy";
  return target;
}

// Absolute, since the app may be started in another folder.
std::string ca_file(const SnippetOptions& options, const Environment& environment) {
  if (!options.ca_file.empty()) {
    std::error_code ignored;
    const auto path = std::filesystem::absolute(options.ca_file, ignored);
    return path.empty() ? options.ca_file : path.lexically_normal().string();
  }
  const auto data = find_variable(environment, "TWINDOW_DATA");
  return ((data ? std::filesystem::path(*data) : default_data_dir(environment)) / "ca.crt")
      .string();
}

// The file is there when an app is pointed at it, and is the server's: made at first use, by the
// server if there is one, which may have another folder than ours. Else the exit code.
Expected<void, int> provide_ca(const std::string& file, const SnippetOptions& options,
                               Surroundings& around) {
  const Terminal& terminal = around.terminal;
  const auto server = CommandTree::connect(options.client, around);
  if (const auto served = TWINDOW_TRY(ask_if_there(*server, "/__admin/ca.crt", terminal))) {
    const auto here = read_text(file);
    if (here && *here == *served) return {};
    terminal.complain(file + " is not the CA of the server at " + server->url() +
                      "; save that one and name it: twindow ca export --server " + server->url() +
                      " > ca.crt, then sdk-snippet with --ca ca.crt");
    return Unexpected(int{kExitCannotRun});
  }
  const auto loaded = load_config({.file = {}, .flags = {}, .environment = around.environment});
  if (!loaded) {
    for (const Mistake& mistake : loaded.error()) terminal.complain(to_text(mistake));
    return Unexpected(int{kExitCannotRun});
  }
  const SystemClock clock;
  const auto authority = CaFiles(loaded->config, clock).current();
  if (authority) return {};
  terminal.complain(authority.error().detail);
  return Unexpected(int{kExitCannotRun});
}

int print_snippet(const SnippetOptions& options, Surroundings& around) {
  const Terminal& terminal = around.terminal;
  SdkTarget target{.origin = {}, .ca_file = {}};
  const std::vector<std::string> languages = sdk_languages();
  if (std::ranges::find(languages, options.language) == languages.end()) {
    std::string text = "found \"" + options.language + "\", expected one of";
    for (const std::string& language : languages) text += " " + language;
    terminal.complain(text + did_you_mean(options.language, languages));
    return kExitUsage;
  }
  if (options.url.empty()) {
    const auto server = CommandTree::connect(options.client, around);
    auto there = target_of_server(*server, terminal);
    if (!there) return there.error();
    target = *std::move(there);
  } else if (const auto origin = parse_origin(options.url)) {
    target.origin = *origin;
  } else {
    terminal.complain("--url: found " + shown(options.url) +
                      ", expected a URL without a path, such as \"http://127.0.0.1:4010\"");
    return kExitUsage;
  }
  target.ca_file = ca_file(options, around.environment);
  if (options.proxy && options.ca_file.empty()) {
    const auto provided = provide_ca(target.ca_file, options, around);
    if (!provided) return provided.error();
  }
  const auto way = options.proxy ? SdkWay::Proxy : SdkWay::BaseUrl;
  terminal.out << sdk_snippet(options.language, way, target).value_or("");
  return kExitOk;
}

}  // namespace

void add_sdk_snippet(CommandTree& tree) {
  CLI::App& command = tree.command(
      tree.root(), "sdk-snippet",
      {"twindow sdk-snippet node\n"
       "eval \"$(twindow sdk-snippet env)\"\n"
       "eval \"$(twindow sdk-snippet env --proxy)\"",
       "What points an app at this server: variables alone, or the lines in its language.\n"
       "As a proxy the server is found without a change of code. No SDK reads its base URL from\n"
       "the environment: the lines do, from TWILIO_BASE_URL, and without it the app talks to\n"
       "Twilio as before."});
  auto options = std::make_shared<SnippetOptions>();
  command
      .add_option("LANGUAGE", options->language,
                  "node, python, java, go, php, ruby, csharp, or env for the variables")
      ->required();
  command.add_flag("--proxy", options->proxy, "env: those for the proxy, not for the base URL");
  command
      .add_option("--url", options->url,
                  "Where the Twilio API is served [as the server says, else "
                  "http://127.0.0.1:4010]")
      ->type_name("URL");
  command
      .add_option("--ca", options->ca_file,
                  "The CA's certificate [ca.crt in TWINDOW_DATA, else in the default folder]")
      ->type_name("FILE");
  command
      .add_option("--server", options->client.server,
                  "Control API of the server [TWINDOW_SERVER, else http://127.0.0.1:4011]")
      ->type_name("URL");
  add_token_option(command, options->client);
  tree.on(command, [options](Surroundings& around) { return print_snippet(*options, around); });
}

}  // namespace twindow::app
