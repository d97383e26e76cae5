// SPDX-License-Identifier: Apache-2.0
// The program: real time, the process' environment, the real terminal.
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>

#include <unistd.h>

#include "src/app/cli/command_line.h"
#include "src/app/cli/remote_server.h"
#include "src/app/examination.h"
#include "src/app/local_server.h"
#include "src/app/serve.h"
#include "src/app/twilio_question.h"

namespace {

using twindow::app::Environment;

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (const auto equals = text.find('='); equals != std::string::npos) {
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return environment;
}

void pause_for(std::chrono::milliseconds time) {
  std::mutex mutex;
  std::condition_variable nothing;
  std::unique_lock lock(mutex);
  nothing.wait_for(lock, time, [] { return false; });
}

std::optional<std::string> read_line() {
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  return line;
}

// no-color.org: any value but an empty one.
bool wants_color(const Environment& environment) {
  return isatty(STDOUT_FILENO) == 1 && !twindow::app::find_variable(environment, "NO_COLOR");
}

}  // namespace

int main(int count, char** arguments) {
  const Environment environment = process_environment();
  twindow::app::Surroundings surroundings{
      .terminal = {std::cout, std::cerr, wants_color(environment)},
      .environment = environment,
      .connect = twindow::app::connect_to_server,
      .serve = twindow::app::serve,
      .pause = pause_for,
      .now = std::chrono::steady_clock::now,
      .make_doctor = twindow::app::make_doctor,
      .start_local = twindow::app::start_local_server,
      .ask_twilio = twindow::app::ask_twilio,
      .read_line = read_line,
  };
  return twindow::app::run_command_line({arguments + 1, arguments + count}, surroundings);
}
