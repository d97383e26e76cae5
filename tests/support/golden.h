// SPDX-License-Identifier: Apache-2.0
// Files under fixtures/: read as they are, or compared with and, by UPDATE_GOLDEN=1, rewritten.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace twindow::test {

inline std::filesystem::path fixture_path(std::string_view name) {
  return std::filesystem::path(TWINDOW_SOURCE_DIR) / "fixtures" / name;
}

inline std::string read_file(const std::filesystem::path& path) {
  const std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << "cannot read " << path;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::string read_fixture(std::string_view name) { return read_file(fixture_path(name)); }

// The file ends with a line break that `actual` does not have.
inline void expect_golden(std::string_view name, const std::string& actual) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    std::ofstream(fixture_path(name), std::ios::binary) << actual << '\n';
  }
  EXPECT_EQ(actual + '\n', read_fixture(name)) << "golden file " << name;
}

}  // namespace twindow::test
