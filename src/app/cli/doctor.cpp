// SPDX-License-Identifier: Apache-2.0
#include "src/app/cli/doctor.h"

#include <algorithm>

#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/cli/serve_flags.h"
#include "src/app/doctor_checks.h"
#include "src/app/json.h"

namespace twindow::app {

namespace {

constexpr std::size_t kHealthColumns = 9;
constexpr std::size_t kCheckColumns = 13;

const char* to_text(Health health) {
  switch (health) {
    case Health::Ok:
      return "ok";
    case Health::Problem:
      return "problem";
    case Health::Skipped:
      break;
  }
  return "skipped";
}

Color color_of(Health health) {
  if (health == Health::Ok) return Color::Green;
  return health == Health::Problem ? Color::Red : Color::Dim;
}

std::string filled(std::string text, std::size_t columns) {
  text.resize(std::max(text.size() + 1, columns), ' ');
  return text;
}

void print(const Finding& finding, const Terminal& terminal) {
  terminal.out << terminal.paint(color_of(finding.health),
                                 filled(to_text(finding.health), kHealthColumns))
               << filled(finding.check, kCheckColumns) << printable(finding.found) << "\n";
  if (finding.advice.empty()) return;
  terminal.out << std::string(kHealthColumns + kCheckColumns, ' ') << "-> "
               << printable(finding.advice) << "\n";
}

Json to_json(const Finding& finding) {
  return {{"health", to_text(finding.health)},
          {"check", finding.check},
          {"found", finding.found},
          {"advice", finding.advice.empty() ? Json() : Json(finding.advice)},
          {"unreachable", finding.unreachable},
          {"fixable", finding.remedy.has_value()}};
}

int exit_code_of(const std::vector<Finding>& findings) {
  int code = kExitOk;
  for (const Finding& finding : findings) {
    if (finding.health != Health::Problem) continue;
    code = std::max(code, finding.unreachable ? int{kExitCannotRun} : int{kExitUsage});
  }
  return code;
}

std::vector<Finding> of_config(const DoctorCommand& options,
                               const Expected<LoadedConfig, std::vector<Mistake>>& loaded) {
  std::vector<Finding> all;
  const auto wrong = [&](const Mistake& mistake) {
    all.push_back(problem("config", to_text(mistake),
                          "correct it; \"twindow schema config\" describes the file"));
  };
  if (!loaded) {
    std::ranges::for_each(loaded.error(), wrong);
    return all;
  }
  std::ranges::for_each(loaded->refused, wrong);
  for (const std::string& note : loaded->notes) all.push_back(skipped("config", note));
  const std::string file = config_file(options.sources);
  const std::string mode = loaded->config.mode == Mode::Proxy ? "proxy mode" : "simulate mode";
  if (loaded->refused.empty()) {
    all.push_back(fine("config", mode + ", " + (file.empty() ? "no file" : file)));
  }
  return all;
}

bool agreed(const DoctorCommand& options, Surroundings& around) {
  if (options.yes) return true;
  around.terminal.err << "Make these changes at Twilio? [y/N] " << std::flush;
  const auto answer = around.read_line ? around.read_line() : std::nullopt;
  return answer && (*answer == "y" || *answer == "Y" || *answer == "yes");
}

// The findings as they are afterwards.
void fix(std::vector<Finding>& findings, const DoctorCommand& options, Doctor& doctor,
         Surroundings& around) {
  const Terminal& terminal = around.terminal;
  const bool any =
      std::ranges::any_of(findings, [](const Finding& f) { return f.remedy.has_value(); });
  if (!any) {
    terminal.err << "nothing to fix: no webhook URL can be set better\n";
    return;
  }
  terminal.err << "\n";
  for (const Finding& finding : findings) {
    if (!finding.remedy) continue;
    const auto& setting = finding.remedy->setting;
    terminal.err << "  " << setting.sid << " " << printable(setting.address) << ": "
                 << (setting.inbound_url.empty() ? "(none)" : printable(setting.inbound_url))
                 << " -> " << finding.remedy->url << "\n";
  }
  if (!agreed(options, around)) {
    terminal.err << "nothing was changed\n";
    return;
  }
  for (Finding& finding : findings) {
    if (!finding.remedy) continue;
    finding = doctor.cure(Remedy(*finding.remedy));
    if (options.format == "table") print(finding, terminal);
  }
}

void print_json(const std::vector<Finding>& findings, const Terminal& terminal) {
  Json list = Json::array();
  for (const Finding& finding : findings) list.push_back(to_json(finding));
  terminal.out << pretty({{"findings", std::move(list)}, {"exit_code", exit_code_of(findings)}})
               << "\n";
}

}  // namespace

int doctor(const DoctorCommand& options, Surroundings& around) {
  const bool table = options.format == "table";
  const auto loaded = load_config(options.sources);
  std::vector<Finding> findings = of_config(options, loaded);
  std::unique_ptr<Doctor> doctor;
  if (loaded && loaded->refused.empty()) doctor = around.make_doctor(loaded->config);
  if (doctor) {
    std::vector<Finding> more = doctor->examine();
    std::move(more.begin(), more.end(), std::back_inserter(findings));
  }
  if (table) {
    for (const Finding& finding : findings) print(finding, around.terminal);
  }
  if (options.fix && doctor) fix(findings, options, *doctor, around);
  if (!table) print_json(findings, around.terminal);
  return exit_code_of(findings);
}

void add_doctor(CommandTree& tree) {
  CLI::App& command = tree.command(
      tree.root(), "doctor",
      {"twindow doctor --config twindow.json\n"
       "twindow doctor --config twindow.json --fix",
       "Check the installation: configuration, ports, Twilio, webhooks; each with what to do.\n"
       "It takes the options, variables and file of \"serve\", and runs beside a server or "
       "without\n"
       "one. Exit code 0: all well; 1: something is set wrong; 3: somebody does not answer."});
  struct Flags {
    ServeFlags serve;
    DoctorCommand command;
  };
  auto flags = std::make_shared<Flags>();
  command.add_flag("--fix", flags->command.fix,
                   "Set the webhook URLs at Twilio to this server's, after asking");
  command.add_flag("--yes", flags->command.yes, "With --fix: without asking");
  command.add_option("--format", flags->command.format, "table or json [table]")
      ->type_name("FORMAT")
      ->check([](const std::string& text) -> std::string {
        return text == "table" || text == "json" ? ""
                                                 : "found \"" + text + "\", expected table or json";
      });
  add_serve_flags(command, flags->serve);
  tree.on(command, [flags](Surroundings& around) {
    flags->command.sources = sources_of(flags->serve, around.environment);
    return doctor(flags->command, around);
  });
}

}  // namespace twindow::app
