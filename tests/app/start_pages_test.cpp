// SPDX-License-Identifier: Apache-2.0
#include "src/app/start_pages.h"

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "twindow/wire/secret.h"

namespace twindow::app {
namespace {

// Of files, from /proc/self/statm (proc(5)): the third number.
long resident_file_pages() {
  std::ifstream statm("/proc/self/statm");
  long size = 0;
  long resident = 0;
  long shared = 0;
  statm >> size >> resident >> shared;
  return shared;
}

TEST(StartPages, ComeBackWhenTheyAreNeeded) {
  const std::string before = wire::sha256_hex("a");
  const long resident = resident_file_pages();
  ASSERT_GT(resident, 0);
  release_start_pages();
  EXPECT_LT(resident_file_pages(), resident);
  EXPECT_EQ(wire::sha256_hex("a"), before);
}

}  // namespace
}  // namespace twindow::app
