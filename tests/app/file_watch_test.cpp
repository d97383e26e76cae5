// SPDX-License-Identifier: Apache-2.0
// Which writings of a file are noticed. The kernel tells of each before it has returned to the
// writer, so nothing has to be waited for.
#include "src/app/file_watch.h"

#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "src/app/wait_for_end.h"
#include "tests/app/config_files.h"

namespace twindow::app {
namespace {

namespace fs = std::filesystem;

class WatchedFile : public testing::Test {
 protected:
  test::ConfigFiles files;
  const fs::path path = files.write("c.json", "{}");
};

TEST_F(WatchedFile, HasNotChangedByItself) {
  FileWatch watch(path);
  EXPECT_TRUE(watch.works());
  EXPECT_FALSE(watch.changed());
}

TEST_F(WatchedFile, IsWrittenInPlace) {
  FileWatch watch(path);
  for (int i = 0; i < 3; ++i) {
    files.write("c.json", "[]");  // as long as before, and in the same moment
    EXPECT_TRUE(watch.changed()) << i;
    EXPECT_FALSE(watch.changed()) << i;
  }
}

TEST_F(WatchedFile, IsReplacedByAnother) {
  FileWatch watch(path);
  for (int i = 0; i < 3; ++i) {
    files.write("c.json.new", "{ }");
    EXPECT_FALSE(watch.changed()) << i;
    fs::rename(files.folder() / "c.json.new", path);
    EXPECT_TRUE(watch.changed()) << i;
    EXPECT_FALSE(watch.changed()) << i;
  }
}

TEST_F(WatchedFile, MayGoAndComeBack) {
  FileWatch watch(path);
  fs::remove(path);
  EXPECT_FALSE(watch.changed()) << "there is nothing to read";
  files.write("c.json", "{ }");
  EXPECT_TRUE(watch.changed());
}

TEST_F(WatchedFile, IsNotItsNeighbour) {
  FileWatch watch(path);
  files.write("d.json", "{}");
  files.write("c.json~", "{}");
  EXPECT_FALSE(watch.changed());
}

// As in Kubernetes: c.json -> data/c.json, data -> first, and `data` is replaced.
TEST_F(WatchedFile, MayBeBehindALinkThatIsTurned) {
  for (const char* version : {"first", "second"}) {
    fs::create_directory(files.folder() / version);
    files.write(std::string(version) + "/c.json", "{}");
  }
  fs::remove(path);
  fs::create_symlink("first", files.folder() / "data");
  fs::create_symlink("data/c.json", path);
  FileWatch watch(path);
  fs::create_symlink("second", files.folder() / "data.new");
  EXPECT_FALSE(watch.changed());
  fs::rename(files.folder() / "data.new", files.folder() / "data");
  EXPECT_TRUE(watch.changed());
  files.write("second/c.json", "[]");
  EXPECT_TRUE(watch.changed()) << "the file that is there now is watched too";
}

TEST_F(WatchedFile, MayBeMissingAtTheStart) {
  FileWatch watch(files.folder() / "later.json");
  EXPECT_TRUE(watch.works());
  EXPECT_FALSE(watch.changed());
  files.write("later.json", "{}");
  EXPECT_TRUE(watch.changed());
}

TEST(FileWatch, SaysWhenItCannot) {
  EXPECT_FALSE(FileWatch("/nowhere-at-all/c.json").works());
  EXPECT_LT(FileWatch("").descriptor(), 0);
}

// The first thread's life: in a test it is a thread of its own, and the signals are sent to it
// alone, so that they end nobody else.
class WaitForEnd : public WatchedFile {
 protected:
  struct Heard {
    std::mutex mutex;
    std::condition_variable news;
    std::vector<std::string> reasons;
  };
  WaitForEnd() {
    sigemptyset(&signals_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    thread_ = std::thread([this] {
      wait_for_end(
          signals_,
          {{watch_,
            [this](std::string_view why) {
              const std::lock_guard lock(heard_.mutex);
              heard_.reasons.emplace_back(why);
              heard_.news.notify_all();
            }}},
          {.quiet = std::chrono::milliseconds(5), .patience = std::chrono::milliseconds(50)});
    });
  }
  ~WaitForEnd() override {
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  std::vector<std::string> reasons(std::size_t count) {
    std::unique_lock lock(heard_.mutex);
    heard_.news.wait_for(lock, std::chrono::seconds(10),
                         [&] { return heard_.reasons.size() >= count; });
    return heard_.reasons;
  }

  sigset_t signals_;
  sigset_t before_;
  Heard heard_;
  FileWatch watch_{path};
  std::thread thread_;
};

TEST_F(WaitForEnd, ReloadsAtEachHangupAndEachChange) {
  using Reasons = std::vector<std::string>;
  pthread_kill(thread_.native_handle(), SIGHUP);
  EXPECT_EQ(reasons(1), (Reasons{"SIGHUP"}));
  files.write("c.json", "[]");
  EXPECT_EQ(reasons(2), (Reasons{"SIGHUP", "the file has changed"}));
  pthread_kill(thread_.native_handle(), SIGHUP);
  EXPECT_EQ(reasons(3), (Reasons{"SIGHUP", "the file has changed", "SIGHUP"}));
}

}  // namespace
}  // namespace twindow::app
