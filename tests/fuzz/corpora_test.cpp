// SPDX-License-Identifier: Apache-2.0
// Replays every file of fixtures/corpora/<name>/ through the fuzz target of that name: a target
// ends the program (TWINDOW_CHECK) when what it promises does not hold.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/case_name.h"
#include "tests/support/golden.h"

#define TARGET(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
#include "fuzz_targets.inc"
#undef TARGET

namespace twindow::test {
namespace {

struct Target {
  std::string_view name;
  int (*run)(const std::uint8_t* data, std::size_t size);
};

#define TARGET(name) Target{#name, fuzz_##name},
const std::vector<Target> kTargets{
#include "fuzz_targets.inc"
};
#undef TARGET

class Corpora : public testing::TestWithParam<Target> {};

TEST_P(Corpora, KeepEveryPromise) {
  const auto folder = fixture_path("corpora") / GetParam().name;
  int replayed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().filename());
    const std::string input = read_file(entry.path());
    // A copy of exactly its size, so that the address sanitizer sees a read beyond the end.
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    EXPECT_EQ(GetParam().run(bytes.data(), bytes.size()), 0);
    ++replayed;
  }
  EXPECT_GT(replayed, 0) << "no corpus in " << folder;
}

TEST_P(Corpora, AndNothingAtAllDoNoHarm) { EXPECT_EQ(GetParam().run(nullptr, 0), 0); }

INSTANTIATE_TEST_SUITE_P(All, Corpora, testing::ValuesIn(kTargets), case_name);

}  // namespace
}  // namespace twindow::test
