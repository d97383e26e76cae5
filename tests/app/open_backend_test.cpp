// SPDX-License-Identifier: Apache-2.0
#include "src/app/open_backend.h"

#include <gmock/gmock.h>

#include "tests/support/run_task.h"
#include "tests/support/temp_folder.h"

namespace twindow::app {
namespace {

class OpenBackend : public testing::Test {
 protected:
  OpenBackend() { config_.data_dir = folder_.path() / "state" / "twindow"; }

  Config& sqlite(const std::filesystem::path& file) {
    config_.store = {StoreKind::Sqlite, file.string()};
    return config_;
  }

  test::TempFolder folder_;
  Config config_;
};

TEST_F(OpenBackend, OfMemoryTouchesNoDisk) {
  ASSERT_TRUE(open_backend(config_));
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

TEST_F(OpenBackend, MakesTheDataFolderForItsOwnerOnly) {
  ASSERT_TRUE(open_backend(sqlite(config_.data_dir / "twindow.db")));
  EXPECT_TRUE(std::filesystem::exists(config_.data_dir / "twindow.db"));
  EXPECT_EQ(std::filesystem::status(config_.data_dir).permissions(),
            std::filesystem::perms::owner_all);
}

TEST_F(OpenBackend, MakesNoOtherFolder) {
  const auto opened = open_backend(sqlite(folder_.path() / "mistyped" / "twindow.db"));
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().detail, testing::HasSubstr("does not exist"));
}

TEST_F(OpenBackend, KeepsAsManyMessagesAsItIsTold) {
  boost::asio::io_context context;  // first: it goes last, after the store's thread
  config_.max_messages = 1;
  const auto backend = *open_backend(sqlite(folder_.path() / "x.db"));
  const auto store = backend->open_account(AccountSid{"AC0123456789abcdef0123456789abcdef"});
  for (const char* sid : {"SM1", "SM2", "SM3"}) {
    Message message;
    message.sid.text = sid;
    ASSERT_TRUE(
        test::run_task(context, store->admit(message, [](Message&, const ports::Facts&) {})));
  }
  EXPECT_EQ(*test::run_task(context, store->count({})), 1u);
}

}  // namespace
}  // namespace twindow::app
