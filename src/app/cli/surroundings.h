// SPDX-License-Identifier: Apache-2.0
// All that a command line needs of the world around it, handed in: main gives the real things,
// tests give others.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/app/cli/server.h"
#include "src/app/cli/terminal.h"
#include "src/app/config_load.h"
#include "src/app/environment.h"
#include "src/app/finding.h"
#include "src/app/local_server.h"
#include "src/app/twilio_question.h"

namespace twindow::app {

struct ServerAddress {
  std::string url;
  std::optional<std::string> token = {};
};

struct Surroundings {
  Terminal terminal;
  Environment environment;
  std::function<std::unique_ptr<Server>(const ServerAddress&)> connect;
  // The sources are where the configuration was read, to read it again.
  std::function<int(const Config&, const ConfigSources&)> serve;
  // Between two tries of `readyz --wait`; and the time that bounds them.
  std::function<void(std::chrono::milliseconds)> pause;
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<std::unique_ptr<Doctor>(const Config&)> make_doctor = {};
  // What `twindow test` plays against.
  std::function<Result<std::unique_ptr<LocalServer>>(const Config&)> start_local = {};
  AskTwilio ask_twilio = {};
  std::vector<std::string> behind_dashes = {};  // of the command line: what stands behind "--"
  std::function<std::optional<std::string>()> read_line = {};  // what the user types; nothing: gone
};

}  // namespace twindow::app
