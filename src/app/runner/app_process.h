// SPDX-License-Identifier: Apache-2.0
// The app under test, as a process of ours with all of its children.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "twindow/model/error.h"

#include "src/app/environment.h"

namespace twindow::app {

class AppProcess {
 public:
  // Runs `command` (found by PATH) with exactly this environment, in a process group of its own;
  // what it says goes to `output`. Errc::Unreachable if it cannot be run.
  static Result<std::unique_ptr<AppProcess>> start(const std::vector<std::string>& command,
                                                   const Environment& environment,
                                                   const std::filesystem::path& output);

  // Ends the group: SIGTERM, and what is there after three seconds SIGKILL.
  ~AppProcess();
  AppProcess(const AppProcess&) = delete;
  AppProcess& operator=(const AppProcess&) = delete;

  // How it ended ("exit code 1", "signal 11"), if it has.
  std::optional<std::string> ended();

  // The last lines of what it said.
  std::string last_output() const;

 private:
  AppProcess(pid_t pid, std::filesystem::path output) : pid_(pid), output_(std::move(output)) {}

  pid_t pid_;
  std::filesystem::path output_;
  std::optional<int> status_ = {};
};

// A port of 127.0.0.1 that nobody listens at, for an app that cannot be handed a socket. `draw` is
// chance: two of us take two.
Result<std::uint16_t> free_port(const std::function<std::uint64_t()>& draw);

}  // namespace twindow::app
