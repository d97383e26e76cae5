// SPDX-License-Identifier: Apache-2.0
// The policy in force, and the way back to that of the start.
#include "src/app/policy_keeper.h"

#include <gtest/gtest.h>

#include "tests/app/config_files.h"

namespace twindow::app {
namespace {

constexpr const char* kOther = R"({ "version": 1, "rules": [] })";

TEST(PolicyKeeper, WithoutAFileNoneIsInForceAgain) {
  PolicyKeeper keeper({});
  EXPECT_TRUE(keeper.load().empty());
  EXPECT_TRUE(keeper.set(kOther).empty());
  EXPECT_NE(keeper.policy(), nullptr);
  EXPECT_TRUE(keeper.restore().empty());
  EXPECT_EQ(keeper.policy(), nullptr);
  EXPECT_EQ(keeper.text(), std::nullopt);
}

TEST(PolicyKeeper, WhereThereIsAlwaysOneItIsTheBuiltInOneAgain) {
  PolicyKeeper keeper({.always = true});
  EXPECT_TRUE(keeper.load().empty());
  const auto built_in = keeper.text();
  EXPECT_TRUE(keeper.set(kOther).empty());
  EXPECT_EQ(keeper.text(), kOther);
  EXPECT_TRUE(keeper.restore().empty());
  EXPECT_EQ(keeper.text(), built_in);
}

TEST(PolicyKeeper, ItIsThatOfTheFileAgainUnlessTheFileIsWrong) {
  test::ConfigFiles files;
  const std::string text = "{ \"version\": 1 } // of the file\n";
  files.write("policy.json", text);
  PolicyKeeper keeper({.file = files.folder() / "policy.json"});
  EXPECT_TRUE(keeper.load().empty());
  EXPECT_TRUE(keeper.set(kOther).empty());
  EXPECT_TRUE(keeper.restore().empty());
  EXPECT_EQ(keeper.text(), text);
  EXPECT_TRUE(keeper.set(kOther).empty());
  files.write("policy.json", "{ \"version\": 2 }");
  EXPECT_FALSE(keeper.restore().empty());
  EXPECT_EQ(keeper.text(), kOther);
}

}  // namespace
}  // namespace twindow::app
