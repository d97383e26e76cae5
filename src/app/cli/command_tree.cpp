// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/command_tree.h"

#include "src/app/cli/exit_code.h"
#include "src/app/cli/token_option.h"
#include "src/app/config_load.h"
#include "src/app/config_secret.h"
#include "src/app/config_values.h"

namespace twindow::app {

namespace {

constexpr const char* kDefaultServer = "http://127.0.0.1:4011";

std::string indented(const std::string& text) {
  std::string result = "  ";
  for (const char c : text) {
    result += c;
    if (c == '\n') result += "  ";
  }
  return result;
}

// Help begins with an example: that is what most people look for. CLI11's footer holds it.
class ExampleFirst final : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    if (mode == CLI::AppFormatMode::Sub) return make_expanded(app);
    return "Example:\n" + indented(app->get_footer()) + "\n\n" + app->get_description() + "\n\n" +
           make_usage(app, std::move(name)) + make_positionals(app) + make_groups(app, mode) +
           make_subcommands(app, mode);
  }

  // CLI11 writes "[OPTIONS]" and the type of everything; names and a sentence say more.
  std::string make_option_opts(const CLI::Option* option) const override {
    const bool has_value = !option->get_positional() && option->get_type_size() > 0;
    return has_value ? " " + option->get_type_name() : "";
  }

  std::string make_usage(const CLI::App* app, std::string name) const override {
    std::string usage = "Usage: " + name;
    const bool has_options =
        !app->get_options([](const CLI::Option* o) { return o->nonpositional(); }).empty();
    if (has_options) usage += " [OPTIONS]";
    for (const CLI::Option* option :
         app->get_options([](const CLI::Option* o) { return o->get_positional(); })) {
      usage += " " + (option->get_required() ? option->get_name() : "[" + option->get_name() + "]");
    }
    if (!app->get_subcommands([](const CLI::App*) { return true; }).empty()) usage += " COMMAND";
    return usage + "\n";
  }

  std::string make_subcommand(const CLI::App* app) const override {
    std::string text = app->get_description();
    text.resize(std::min(text.find('\n'), text.size()));
    std::stringstream out;
    CLI::detail::format_help(out, "  " + app->get_name(), text, get_column_width());
    return out.str();
  }
};

// Only to a server on this machine: the token of a file must not go to whoever --server names.
bool is_local(const std::string& url) {
  for (const char* start : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
    if (!url.starts_with(start)) continue;
    const std::string rest = url.substr(std::string(start).size());
    if (rest.empty() || rest.front() == ':' || rest.front() == '/') {
      return rest.find('@') == std::string::npos;
    }
  }
  return false;
}

// TWINDOW_SERVER, else where a server with our variables listens: in a container those are the
// server's own, and its health check is a command.
std::string default_server(const Environment& environment) {
  if (const auto url = find_variable(environment, "TWINDOW_SERVER")) return *url;
  const auto control = parse_endpoint(find_variable(environment, "TWINDOW_CONTROL").value_or(""));
  if (!control || control->port == 0) return kDefaultServer;
  Endpoint address = *control;
  if (address.host == "0.0.0.0") address.host = "127.0.0.1";
  if (address.host == "::") address.host = "::1";
  return "http://" + to_text(address);
}

// As the server takes it: a file that was named, TWINDOW_CONTROL_TOKEN, else what the server of
// this machine has written for us.
std::optional<std::string> control_token(const ClientOptions& client, const std::string& url,
                                         const Surroundings& around) {
  const Environment& environment = around.environment;
  std::string file = client.token_file;
  if (file.empty()) file = find_variable(environment, "TWINDOW_CONTROL_TOKEN_FILE").value_or("");
  if (!file.empty()) {
    auto token = read_secret_file(file);
    if (token) return std::move(token->text);
    around.terminal.complain("the control token's file " + file + ", " + token.error());
    return std::nullopt;
  }
  if (auto token = find_variable(environment, "TWINDOW_CONTROL_TOKEN")) return token;
  if (!is_local(url)) return std::nullopt;
  const auto data = find_variable(environment, "TWINDOW_DATA");
  const std::filesystem::path folder = data ? *data : default_data_dir(environment).string();
  auto token = read_secret_file(folder / "control.token");
  if (!token) return std::nullopt;
  return std::move(token->text);
}

}  // namespace

CommandTree::CommandTree() : root_("", "twindow") {
  root_.formatter(std::make_shared<ExampleFirst>());
  root_.get_formatter()->column_width(34);
  root_.get_formatter()->label("Positionals", "Arguments");
  root_.get_formatter()->label("Subcommands", "Commands");
  root_.get_formatter()->label("SUBCOMMANDS", "Commands");
  root_.set_help_flag("-h,--help", "Show this help");
}

CLI::App& CommandTree::command(CLI::App& parent, const std::string& name, const HelpText& help) {
  CLI::App& added = *parent.add_subcommand(name, help.text);
  added.footer(std::string(help.example));
  added.group("Commands");
  return added;
}

CLI::App& CommandTree::family(const std::string& name, const HelpText& help) {
  CLI::App& added = command(root_, name, help);
  added.require_subcommand(1);
  return added;
}

void CommandTree::on(CLI::App& command, Action action) {
  command.callback([this, action = std::move(action)] { chosen_ = action; });
}

void CommandTree::not_yet(CLI::App& parent, const std::string& name, const std::string& text) {
  const std::string full = (&parent == &root_ ? "" : parent.get_name() + " ") + name;
  const std::string example = "twindow " + full + " --help";
  CLI::App& added =
      command(parent, name, {example.c_str(), (text + " (not in this version yet)").c_str()});
  added.group("Not in this version yet");
  added.allow_extras();
  on(added, [full](Surroundings& around) {
    around.terminal.complain("\"" + full + "\" is not in this version yet");
    return kExitUsage;
  });
}

void CommandTree::add_client_options(CLI::App& command, ClientOptions& client) {
  command
      .add_option("--server", client.server,
                  "Control API of the server [TWINDOW_SERVER, else http://127.0.0.1:4011]")
      ->type_name("URL");
  add_token_option(command, client);
  command.add_option("--account", client.account, "Only this account")->type_name("AC...");
}

void CommandTree::add_format_option(CLI::App& command, ClientOptions& client) {
  command.add_option("--format", client.format, "table or json [table]")
      ->type_name("FORMAT")
      ->check([](const std::string& text) -> std::string {
        return text == "table" || text == "json" ? ""
                                                 : "found \"" + text + "\", expected table or json";
      });
}

std::unique_ptr<Server> CommandTree::connect(const ClientOptions& client, Surroundings& around) {
  std::string url = client.server;
  if (url.empty()) url = default_server(around.environment);
  return around.connect({url, control_token(client, url, around)});
}

}  // namespace twindow::app
