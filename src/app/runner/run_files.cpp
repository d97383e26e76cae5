// SPDX-License-Identifier: Apache-2.0
#include "src/app/runner/run_files.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "src/app/runner/run_file.h"
#include "src/app/scenario_file.h"

namespace twindow::app {

namespace {

namespace fs = std::filesystem;

bool is_scenario_file(const fs::path& path) {
  if (path.extension() != ".json") return false;
  return std::ranges::none_of(path, [](const fs::path& part) { return part == "transcripts"; });
}

// Its tags decide whether it is played at all; a file that is not valid is told of in any case.
bool is_left_out(const fs::path& file, const RunOptions& options, const RunnerParts& parts) {
  if (options.filter.empty()) return false;
  const auto scenario = load_scenario(file, {.environment = parts.environment, .seed = {}});
  if (!scenario) return false;
  return std::ranges::find(scenario->tags, options.filter) == scenario->tags.end();
}

}  // namespace

Result<std::vector<fs::path>> scenario_files(const std::vector<std::string>& paths) {
  std::set<fs::path> all;
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::is_regular_file(path, error)) {
      all.insert(path);
      continue;
    }
    if (!fs::is_directory(path, error)) {
      return fail(Errc::NotFound, path + ": there is no such file or folder");
    }
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator each(path, options, error), end; !error && each != end;
         each.increment(error)) {
      if (each->is_regular_file(error) && is_scenario_file(each->path())) all.insert(each->path());
    }
    if (error) return fail(Errc::NotFound, path + ": " + error.message());
  }
  return std::vector<fs::path>(all.begin(), all.end());
}

fs::path transcript_file(const fs::path& scenario) {
  return scenario.parent_path() / "transcripts" / (scenario.stem().string() + ".jsonl");
}

std::vector<Outcome> run_files(const std::vector<fs::path>& files, const RunOptions& options,
                               const RunnerParts& parts) {
  std::vector<fs::path> chosen;
  for (const fs::path& file : files) {
    if (!is_left_out(file, options, parts)) chosen.push_back(file);
  }
  std::vector<Outcome> outcomes(chosen.size());
  std::atomic<std::size_t> next = 0;
  std::mutex telling;
  const auto work = [&] {
    for (std::size_t i = next++; i < chosen.size() && !parts.stopped(); i = next++) {
      outcomes[i] = run_file(chosen[i], options, parts);
      const std::lock_guard lock(telling);
      if (parts.ended) parts.ended(outcomes[i]);
    }
  };
  // An app or a server that runs already is one for all.
  const bool shared = !options.app_url.empty() || !options.server_url.empty();
  const std::size_t jobs = shared ? 1 : std::clamp<std::size_t>(options.jobs, 1, 64);
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < std::min(jobs, chosen.size()); ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  if (parts.stopped())
    std::erase_if(outcomes, [](const Outcome& each) { return each.file.empty(); });
  return outcomes;
}

}  // namespace twindow::app
