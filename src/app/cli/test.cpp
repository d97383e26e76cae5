// SPDX-License-Identifier: Apache-2.0
// `twindow test`: plays scenario files, and says what did not hold.
#include <fstream>
#include <memory>
#include <random>

#include "twindow/wire/url.h"

#include "src/app/cli/command_tree.h"
#include "src/app/cli/commands.h"
#include "src/app/cli/exit_code.h"
#include "src/app/policy_keeper.h"
#include "src/app/runner/interrupt.h"
#include "src/app/runner/reports.h"
#include "src/app/runner/run_files.h"
#include "src/app/serve_options.h"

namespace twindow::app {

namespace {

struct Test {
  std::vector<std::string> paths = {};
  std::vector<std::string> command = {};  // behind "--"
  RunOptions run = {};
  std::string policy = {};
  std::uint64_t seed = 0;
  bool seeded = false;
  std::string junit = {};
  std::string json = {};
};

// Overwritten by the next one; on a terminal only.
void show_progress(std::size_t ended, std::size_t all, const Terminal& terminal) {
  constexpr std::size_t kWidth = 24;
  if (!terminal.color || ended == all) return;
  const std::size_t full = ended * kWidth / all;
  terminal.err << "\r[" << std::string(full, '#') << std::string(kWidth - full, '.') << "] "
               << ended << "/" << all << std::flush;
}
void clear_progress(const Terminal& terminal) {
  if (terminal.color) terminal.err << "\r\x1b[K" << std::flush;
}

bool write_report(const std::string& path, const std::string& text, const Terminal& terminal) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (file) return true;
  terminal.complain(path + ": the report cannot be written");
  return false;
}

// The exit code for options that do not go together or mean nothing, and for a policy that is none.
int check_options(const Test& test, const Terminal& terminal) {
  if (!test.run.app_url.empty() && !test.command.empty()) {
    terminal.complain("--app: found it beside a command to start the app, expected one of both");
    return kExitUsage;
  }
  if (test.run.policy && !test.run.server_url.empty()) {
    terminal.complain("--policy: found it beside --server, which has its own policy");
    return kExitUsage;
  }
  for (const auto& [option, url] :
       {std::pair{"--app", &test.run.app_url}, std::pair{"--server", &test.run.server_url}}) {
    if (url->empty() || wire::parse_web_url(*url)) continue;
    terminal.complain(std::string(option) + ": found \"" + *url +
                      "\", expected a URL, such as http://127.0.0.1:3000");
    return kExitUsage;
  }
  if (test.run.jobs == 0) {
    terminal.complain("--jobs: found 0, expected a number from 1");
    return kExitUsage;
  }
  if (test.run.policy) {
    Config config;
    config.policy = test.run.policy;
    const std::vector<Mistake> mistakes = PolicyKeeper(policy_options(config)).load();
    for (const Mistake& mistake : mistakes) terminal.complain(to_text(mistake));
    if (!mistakes.empty()) return kExitInvalidFile;
  }
  return kExitOk;
}

// Whether all that was asked for is written.
bool report(const Test& test, const std::vector<Outcome>& outcomes, Surroundings& around) {
  const Terminal& terminal = around.terminal;
  print_summary(outcomes, terminal);
  if (find_variable(around.environment, "GITHUB_ACTIONS")) {
    terminal.out << github_annotations(outcomes);
  }
  bool written = true;
  if (!test.junit.empty()) written = write_report(test.junit, junit_report(outcomes), terminal);
  if (!test.json.empty()) {
    written = write_report(test.json, json_report(outcomes), terminal) && written;
  }
  return written;
}

int run_test(Test test, Surroundings& around) {
  const Terminal& terminal = around.terminal;
  if (!test.policy.empty()) test.run.policy = test.policy;
  if (test.seeded) test.run.seed = test.seed;
  test.run.command = test.command;
  if (const int refused = check_options(test, terminal); refused != kExitOk) return refused;
  const auto files = scenario_files(test.paths);
  if (!files) {
    terminal.complain(files.error().detail);
    return kExitUsage;
  }
  test.run.server_token = find_variable(around.environment, "TWINDOW_CONTROL_TOKEN");
  const Interrupt interrupt;
  std::size_t ended = 0;
  const RunnerParts parts{.environment = around.environment,
                          .connect = around.connect,
                          .start_server = around.start_local,
                          .http = net::ask_plainly,
                          .pause = around.pause,
                          .now = around.now,
                          .draw_seed = [] { return std::random_device()(); },
                          .stopped = [&] { return interrupt.came(); },
                          .ended =
                              [&](const Outcome& outcome) {
                                clear_progress(terminal);
                                print_outcome(outcome, terminal);
                                show_progress(++ended, files->size(), terminal);
                              }};
  const std::vector<Outcome> outcomes = run_files(*files, test.run, parts);
  clear_progress(terminal);
  if (outcomes.empty() && !interrupt.came()) {
    terminal.complain(test.run.filter.empty()
                          ? "no scenario file (*.json) is there"
                          : "no scenario has the tag \"" + test.run.filter + "\"");
    return kExitUsage;
  }
  const bool written = report(test, outcomes, around);
  if (interrupt.came()) {
    terminal.complain("interrupted");
    return kExitCannotRun;
  }
  const int code = exit_code_of(outcomes);
  return code == kExitOk && !written ? kExitCannotRun : code;
}

}  // namespace

void add_test(CommandTree& tree) {
  CLI::App& command = tree.command(
      tree.root(), "test",
      {"twindow test scenarios -- npm start\n"
       "twindow test scenarios/reminder.json --app http://127.0.0.1:3000 --report-junit out.xml",
       "Play scenario files against your app: each with a Twilio of its own, in this process.\n"
       "What stands behind -- is started as the app, once for each file, with PORT, APP_URL,\n"
       "TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_BASE_URL, the proxy variables and those of\n"
       "the CA set. Exit: 0 passed, 1 wrong usage, 2 a file is invalid, 3 could not run, 4 an\n"
       "expectation failed, 5 a webhook was for a host that nobody has allowed."});
  auto options = std::make_shared<Test>();
  command.add_option("PATH", options->paths, "Scenario files, or folders of them")->required();
  command.add_option("--jobs", options->run.jobs, "How many are played at once [1]");
  command.add_option("--filter", options->run.filter, "Only scenarios with this tag");
  command.add_option("--seed", options->seed, "In place of the files' seeds")
      ->each([options](const std::string&) { options->seeded = true; });
  command.add_flag("--update", options->run.update,
                   "Write the transcripts (transcripts/NAME.jsonl) instead of comparing them");
  command.add_option("--server", options->run.server_url,
                     "The control URL of a running twindow to play against");
  command.add_option("--app", options->run.app_url, "Where the app runs already");
  command.add_option("--report-junit", options->junit, "Write a report as JUnit XML");
  command.add_option("--report-json", options->json, "Write a report as JSON");
  command.add_option("--policy", options->policy, "Judge sends by this policy file");
  command.prefix_command(false);
  tree.on(command, [options](Surroundings& around) {
    options->command = around.behind_dashes;
    return run_test(*options, around);
  });
}

}  // namespace twindow::app
