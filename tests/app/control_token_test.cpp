// SPDX-License-Identifier: Apache-2.0
// Where the token of the control API comes from.
#include "src/app/control_token.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/app/config_files.h"

namespace twindow::app {
namespace {

namespace fs = std::filesystem;

using test::ConfigFiles;

TEST(ControlToken, IsNoneInSimulateModeUnlessItWasGiven) {
  const ConfigFiles files;
  Config config;
  config.data_dir = files.folder() / "data";
  const auto none = control_token(config);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
  EXPECT_FALSE(fs::exists(config.data_dir));
  config.control_token = AuthToken{"given"};
  EXPECT_EQ(control_token(config)->value().text, "given");
}

TEST(ControlToken, IsMadeInProxyModeAndKept) {
  const ConfigFiles files;
  Config config;
  config.mode = Mode::Proxy;
  config.data_dir = files.folder() / "data";
  const auto made = control_token(config);
  ASSERT_TRUE(made) << made.error().detail;
  ASSERT_TRUE(made->has_value());
  EXPECT_THAT((*made)->text, testing::MatchesRegex("[0-9a-f]{64}"));
  const fs::path file = config.data_dir / "control.token";
  EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(control_token(config)->value().text, (*made)->text);
  config.control_token = AuthToken{"given"};
  EXPECT_EQ(control_token(config)->value().text, "given");
}

TEST(ControlToken, IsRefusedIfOthersMayReadIt) {
  const ConfigFiles files;
  Config config;
  config.mode = Mode::Proxy;
  config.data_dir = files.folder() / "data";
  ASSERT_TRUE(control_token(config));
  const fs::path file = config.data_dir / "control.token";
  fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
  const auto refused = control_token(config);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().detail, testing::HasSubstr("0600"));
}

}  // namespace
}  // namespace twindow::app
