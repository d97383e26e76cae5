// SPDX-License-Identifier: Apache-2.0
// Plays scenario files, several at once: each with a server, a world and an app of its own, unless
// a server or an app that runs already is to be used.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "twindow/net/plain_client.h"
#include "twindow/scenario/scenario.h"

#include "src/app/cli/surroundings.h"
#include "src/app/local_server.h"
#include "src/app/runner/outcome.h"

namespace twindow::app {

struct RunOptions {
  std::vector<std::string> command = {};  // the app; empty: none is started
  std::string app_url = {};               // or it runs there
  std::string server_url = {};            // a server that runs; empty: one of our own for each file
  std::optional<std::string> server_token = {};
  std::optional<std::filesystem::path> policy = {};
  std::optional<std::uint64_t> seed = {};
  std::string filter = {};  // a tag; files without it are left out
  std::size_t jobs = 1;
  bool update = false;  // transcripts are written, not compared
};

struct RunnerParts {
  const Environment& environment;
  std::function<std::unique_ptr<Server>(const ServerAddress&)> connect;
  std::function<Result<std::unique_ptr<LocalServer>>(const Config&)> start_server;
  std::function<Result<net::PlainAnswer>(const net::PlainRequest&)> http;
  std::function<void(std::chrono::milliseconds)> pause;
  std::function<std::chrono::steady_clock::time_point()> now;
  std::function<std::uint64_t()> draw_seed;
  std::function<bool()> stopped;
  // As each ends; one at a time, from any thread.
  std::function<void(const Outcome&)> ended;
};

// The scenario files that the paths mean: files as they are, of folders all *.json below, without
// those of folders named "transcripts"; sorted, each once. An error names what is not there.
Result<std::vector<std::filesystem::path>> scenario_files(const std::vector<std::string>& paths);

// In the order of `files`, without those that the filter leaves out.
std::vector<Outcome> run_files(const std::vector<std::filesystem::path>& files,
                               const RunOptions& options, const RunnerParts& parts);

// Where the transcript of a scenario file is kept: transcripts/NAME.jsonl beside it.
std::filesystem::path transcript_file(const std::filesystem::path& scenario);

}  // namespace twindow::app
