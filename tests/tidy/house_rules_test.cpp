// SPDX-License-Identifier: Apache-2.0
// House rules that a reader cannot be asked to check again and again.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <re2/re2.h>

namespace {

namespace fs = std::filesystem;

struct Source {
  std::string file;  // relative to the project
  std::string text;
};

std::vector<Source> sources() {
  const fs::path root(TWINDOW_SOURCE_DIR);
  std::vector<Source> all;
  for (const char* folder : {"bench", "examples", "include", "src", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().string().find("/node_modules/") != std::string::npos) continue;
      const auto extension = entry.path().extension();
      if (extension != ".h" && extension != ".cpp") continue;
      std::stringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      all.push_back({fs::relative(entry.path(), root).string(), text.str()});
    }
  }
  return all;
}

// Fails for each line outside the files matching `allowed` on which `banned` is found.
void expect_absent(const std::string& banned, const std::string& allowed, const char* why) {
  const RE2 pattern(banned);
  const RE2 home(allowed);
  for (const Source& source : sources()) {
    if (RE2::FullMatch(source.file, home)) continue;
    std::istringstream lines(source.text);
    std::string line;
    for (int n = 1; std::getline(lines, line); ++n) {
      EXPECT_FALSE(RE2::PartialMatch(line, pattern))
          << source.file << ":" << n << ": " << why << "\n  " << line;
    }
  }
}

TEST(HouseRules, EveryFileNamesItsLicence) {
  for (const Source& source : sources()) {
    EXPECT_TRUE(source.text.starts_with("// SPDX-License-Identifier: Apache-2.0\n")) << source.file;
  }
}

TEST(HouseRules, TimeAndChanceAreHandedIn) {
  expect_absent("system_clock::now|random_device|\\brand\\(|std::getenv|\\bgetenv\\(",
                "src/(base|app)/.*|tests/.*", "only base and app ask the machine");
  expect_absent("steady_clock::now", "src/(base|app|net)/.*|(bench|tests)/.*",
                "only base, app and the sockets of net measure wall time");
}

TEST(HouseRules, NobodySleeps) {
  expect_absent("sleep_for|sleep_until|\\busleep\\(", "tests/tidy/.*", "wait for news instead");
}

TEST(HouseRules, CoroutinesAreNotBlockedOn) {
  expect_absent("use_future|\\.get\\(\\)\\s*;.*future|future.*\\.get\\(\\)",
                "src/net/control_server\\.cpp|src/app/.*|tests/.*",
                "only the control server's own threads may block on a coroutine");
}

// g++ 12 resumes such a coroutine at the wrong place (an illegal instruction at run time), and
// destroys a temporary aggregate among the arguments twice.
TEST(HouseRules, NothingIsAwaitedInsideAConditionOrWithABracedArgument) {
  expect_absent("\\b(if|while|switch|for) ?\\(.*co_await", "tests/tidy/.*",
                "await into a local variable first");
  expect_absent("co_await [^;{]*\\([^;]*\\{.*\\}", "tests/tidy/.*",
                "name the value in a local variable first");
}

TEST(HouseRules, FunctionsOfStdDistributionsAreNotUsed) {
  expect_absent("std::(uniform|normal|bernoulli|discrete)_\\w*distribution", "tests/tidy/.*",
                "their sequences differ between libraries");
}

}  // namespace
