// SPDX-License-Identifier: Apache-2.0
// The scenarios of the accounts: read at the start, read again when their files change, or set by
// the control API. What is done with them is done by who hands in `Take`.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twindow/base/guarded.h"
#include "twindow/base/task.h"
#include "twindow/model/sid.h"

#include "src/app/log.h"
#include "src/app/scenario_file.h"

namespace twindow::app {

// Thread-safe, but for what the first thread calls: load, begin and reload.
class ScenarioKeeper {
 public:
  // Puts a scenario into the world of an account.
  using Take = std::function<Task<Result<void>>(AccountSid account, LoadedScenario loaded,
                                                gateway::SetUp how)>;
  // The account of a scenario, told what it names itself.
  using Choose = std::function<Result<AccountSid>(const std::optional<AccountSid>& own)>;

  ScenarioKeeper(std::vector<std::filesystem::path> files, Environment environment)
      : files_(std::move(files)), environment_(std::move(environment)) {}

  const std::vector<std::filesystem::path>& files() const { return files_; }

  std::vector<Mistake> load();  // at the start: all files are read, none is in force yet

  // All that was loaded begins. What cannot begin because there are messages of an earlier run
  // keeps its clock, its windows and its seed; the log says so.
  Task<void> begin(const Take& take, const Choose& choose, Log& log);

  // One file has changed, by its place: with mistakes the old one stays.
  Task<void> reload(std::size_t file, std::string_view why, const Take& take, Log& log);

  struct Set {
    AccountSid account = {};
    std::string name = {};
    std::vector<Mistake> mistakes = {};
    std::optional<Error> error = {};
  };
  Task<Set> set(std::string text, const Take& take, const Choose& choose);

  std::map<AccountSid, std::string> texts() const;  // as they were given

 private:
  struct Read {
    std::string text;
    LoadedScenario loaded;
  };
  Expected<Read, std::vector<Mistake>> read(const std::filesystem::path& file) const;

  const std::vector<std::filesystem::path> files_;
  const Environment environment_;
  std::vector<Read> read_ = {};                      // by file, until they have begun
  std::map<std::size_t, AccountSid> accounts_ = {};  // of the files
  Guarded<std::map<AccountSid, std::string>> texts_ = {};
};

}  // namespace twindow::app
