// SPDX-License-Identifier: Apache-2.0
// `twindow ca export|renew`: the authority of this machine's data folder, or of a running server.
#include "src/app/ca_files.h"
#include "src/app/cli/ask.h"
#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/token_option.h"
#include "src/app/config_load.h"

namespace twindow::app {

namespace {

struct CaOptions {
  std::string file;
  std::string data;
  ClientOptions client = {};
};

void add_place_options(CLI::App& command, CaOptions& options) {
  command
      .add_option("--config", options.file,
                  "The server's configuration: tls.names, tls.ips, ca_cert, data")
      ->type_name("FILE");
  command
      .add_option("--data", options.data,
                  "The server's data folder [TWINDOW_DATA, else ~/.local/state/twindow]")
      ->type_name("DIR");
}

std::optional<Config> config_of(const CaOptions& options, Surroundings& around) {
  ConfigSources sources{.file = options.file, .flags = {}, .environment = around.environment};
  if (!options.data.empty()) sources.flags["--data"] = {options.data};
  auto loaded = load_config(sources);
  if (loaded) return std::move(loaded->config);
  for (const Mistake& mistake : loaded.error()) around.terminal.complain(to_text(mistake));
  return std::nullopt;
}

int export_from(const CaOptions& options, Surroundings& around) {
  const auto server = CommandTree::connect(options.client, around);
  const auto reply = ask_text(*server, {"GET", "/__admin/ca.crt"}, around.terminal);
  if (!reply) return reply.error();
  around.terminal.out << *reply;
  return kExitOk;
}

int export_ca(const CaOptions& options, Surroundings& around) {
  if (!options.client.server.empty()) return export_from(options, around);
  const auto config = config_of(options, around);
  if (!config) return kExitUsage;
  const SystemClock clock;
  CaFiles files(*config, clock);
  const auto authority = files.current();
  if (!authority) {
    around.terminal.complain(authority.error().detail);
    return kExitCannotRun;
  }
  around.terminal.out << (*authority)->certificate_pem();
  return kExitOk;
}

int renew_ca(const CaOptions& options, Surroundings& around) {
  const auto config = config_of(options, around);
  if (!config) return kExitUsage;
  const SystemClock clock;
  CaFiles files(*config, clock);
  const auto authority = files.renew();
  if (!authority) {
    around.terminal.complain(authority.error().detail);
    return authority.error().code == Errc::Conflict ? kExitUsage : kExitCannotRun;
  }
  around.terminal.out << "Made a new CA: " << files.certificate_file().string() << "\n"
                      << "A running server signs with it from the next connection on; apps must be "
                         "given it anew (twindow ca export).\n";
  return kExitOk;
}

}  // namespace

void add_ca(CommandTree& tree) {
  CLI::App& family = tree.family(
      "ca", {"twindow ca export > ca.crt\n"
             "NODE_EXTRA_CA_CERTS=ca.crt HTTP_PROXY=http://127.0.0.1:4010 npm start",
             "The CA that signs for twilio.com here, so that apps need no change of code."});
  CLI::App& exporting = tree.command(
      family, "export",
      {"twindow ca export > ca.crt",
       "Print the CA's certificate (PEM), which apps must trust. The first use makes it.\n"
       "It can sign for twilio.com, localhost, twindow, this machine's loopback addresses, and\n"
       "what tls.names and tls.ips name; for nothing else."});
  auto export_options = std::make_shared<CaOptions>();
  add_place_options(exporting, *export_options);
  exporting
      .add_option("--server", export_options->client.server,
                  "Ask the server with this control API instead, which may be on another machine")
      ->type_name("URL");
  add_token_option(exporting, export_options->client);
  tree.on(exporting,
          [export_options](Surroundings& around) { return export_ca(*export_options, around); });
  CLI::App& renewing = tree.command(family, "renew",
                                    {"twindow ca renew",
                                     "Make a new CA in the place of the old one: its key may have "
                                     "been seen, or tls.names grew."});
  auto renew_options = std::make_shared<CaOptions>();
  add_place_options(renewing, *renew_options);
  tree.on(renewing,
          [renew_options](Surroundings& around) { return renew_ca(*renew_options, around); });
}

}  // namespace twindow::app
