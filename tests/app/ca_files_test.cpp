// SPDX-License-Identifier: Apache-2.0
#include "src/app/ca_files.h"

#include <fstream>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace twindow::app {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CaFilesTest : public testing::Test {
 protected:
  CaFilesTest() : root_(testing::TempDir() + "twindow-ca-XXXXXX") {
    EXPECT_NE(::mkdtemp(root_.data()), nullptr);
    config_.data_dir = fs::path(root_) / "below" / "state";
  }
  ~CaFilesTest() override { fs::remove_all(root_); }

  fs::path file(const char* name) const { return config_.data_dir / name; }
  static std::string text(const fs::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }
  std::string made_by(CaFiles& files) {
    const auto authority = files.current();
    EXPECT_TRUE(authority.has_value()) << authority.error().detail;
    return authority ? (*authority)->certificate_pem() : "";
  }

  std::string root_;
  const SystemClock clock_;
  Config config_;
};

TEST_F(CaFilesTest, MakesOneAtFirstUseAndNotBefore) {
  CaFiles files(config_, clock_);
  EXPECT_TRUE(files.check().has_value());
  EXPECT_FALSE(fs::exists(config_.data_dir));
  const std::string pem = made_by(files);
  EXPECT_EQ(text(file("ca.crt")), pem);
  struct stat found {};
  ASSERT_EQ(::stat(file("ca.key").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat(config_.data_dir.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0700u);
  CaFiles again(config_, clock_);
  EXPECT_EQ(made_by(again), pem);
}

TEST_F(CaFilesTest, HandsOutTheSameObjectUntilTheFilesChange) {
  CaFiles files(config_, clock_);
  const auto one = files.current();
  const auto two = files.current();
  ASSERT_TRUE(one && two);
  EXPECT_EQ(*one, *two);
  CaFiles other(config_, clock_);
  ASSERT_TRUE(other.renew().has_value());
  const auto three = files.current();
  ASSERT_TRUE(three.has_value());
  EXPECT_NE((*three)->certificate_pem(), (*one)->certificate_pem());
}

TEST_F(CaFilesTest, IsOneForManyThatStartAtOnce) {
  for (int round = 0; round < 10; ++round) {
    std::mutex mutex;
    std::set<std::string> seen;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        CaFiles files(config_, clock_);
        const std::string pem = made_by(files);
        const std::lock_guard lock(mutex);
        seen.insert(pem);
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(seen.size(), 1u);
    fs::remove_all(config_.data_dir);
  }
}

// A reader between the two files of a renewal would see a key that is not the certificate's.
TEST_F(CaFilesTest, IsNeverSeenHalfRenewed) {
  CaFiles files(config_, clock_);
  made_by(files);
  std::atomic<bool> done = false;
  std::thread renewing([&] {
    CaFiles other(config_, clock_);
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(other.renew().has_value());
    done = true;
  });
  while (!done) {
    CaFiles reader(config_, clock_);
    EXPECT_NE(made_by(reader), "");
  }
  renewing.join();
}

TEST_F(CaFilesTest, RefusesAKeyThatOthersMayRead) {
  CaFiles files(config_, clock_);
  made_by(files);
  ::chmod(file("ca.key").c_str(), 0640);
  CaFiles again(config_, clock_);
  const auto refused = again.check();
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().detail, HasSubstr("ca.key"));
  EXPECT_THAT(refused.error().detail, HasSubstr("0600"));
}

TEST_F(CaFilesTest, SaysWhichFileIsBroken) {
  CaFiles files(config_, clock_);
  made_by(files);
  write(file("ca.crt"), "garbage");
  CaFiles garbage(config_, clock_);
  const auto one = garbage.check();
  ASSERT_FALSE(one.has_value());
  EXPECT_THAT(one.error().detail, HasSubstr("ca.crt"));
  EXPECT_THAT(one.error().detail, HasSubstr("twindow ca renew"));
  ASSERT_TRUE(garbage.renew().has_value());
  fs::remove(file("ca.key"));
  CaFiles keyless(config_, clock_);
  const auto two = keyless.check();
  ASSERT_FALSE(two.has_value());
  EXPECT_THAT(two.error().detail, HasSubstr("ca.key"));
}

TEST_F(CaFilesTest, SaysThatNamesCameLaterThanTheCa) {
  CaFiles files(config_, clock_);
  made_by(files);
  config_.tls.names = {"app.test"};
  config_.tls.ips = {"192.0.2.7"};
  CaFiles more(config_, clock_);
  const auto refused = more.check();
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().detail, HasSubstr("app.test"));
  ASSERT_TRUE(more.renew().has_value());
  EXPECT_TRUE(more.check().has_value());
}

TEST_F(CaFilesTest, UsesTheOperatorsOwnAndNeverTouchesIt) {
  CaFiles first(config_, clock_);
  const std::string pem = made_by(first);
  Config own;
  own.data_dir = fs::path(root_) / "other";
  own.ca_cert = file("ca.crt");
  own.ca_key = file("ca.key");
  CaFiles files(own, clock_);
  EXPECT_EQ(made_by(files), pem);
  const auto refused = files.renew();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Errc::Conflict);
  EXPECT_EQ(text(file("ca.crt")), pem);
  EXPECT_FALSE(fs::exists(own.data_dir));
  own.ca_cert = fs::path(root_) / "nothing.crt";
  CaFiles missing(own, clock_);
  const auto not_there = missing.check();
  ASSERT_FALSE(not_there.has_value());
  EXPECT_THAT(not_there.error().detail, HasSubstr("nothing.crt: No such file"));
}

TEST_F(CaFilesTest, SaysThatTheFolderCannotBeMade) {
  write(fs::path(root_) / "below", "a file");
  CaFiles files(config_, clock_);
  const auto refused = files.current();
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().detail, HasSubstr("state"));
}

}  // namespace
}  // namespace twindow::app
