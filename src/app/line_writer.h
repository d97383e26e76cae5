// SPDX-License-Identifier: Apache-2.0
// Lines on their way to wherever logs go, written by a thread of its own.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace twindow::app {

// Whoever adds a line copies it and goes on: it never waits for the reader, and hardly ever wakes
// the writer. The writer takes all lines that wait and writes them in one piece, then rests a
// moment for more to come: under load a write and a wake-up for each line would cost more than all
// else that is done for a call. So a line is written at most limits::kLogRest late; beyond
// limits::kLogBytesWaitingMax the oldest lines are dropped.
class LineWriter {
 public:
  using Write = std::function<void(std::string_view)>;  // whole lines; may block

  explicit LineWriter(Write write);
  ~LineWriter();  // writes what is left
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  void add(std::string_view line);  // with its line feed; from any thread

 private:
  void run();

  const Write write_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::string waiting_;
  bool resting_ = false;  // the writer looks again by itself
  bool ending_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace twindow::app
