// SPDX-License-Identifier: Apache-2.0
// What the first thread does while the others serve.
#pragma once

#include <chrono>
#include <csignal>
#include <functional>
#include <string_view>
#include <vector>

#include "src/app/file_watch.h"

namespace twindow::app {

// A file is often written in several steps: it is read when it has been left alone for `quiet`, or
// at the latest `patience` after the first of them.
struct ReloadPauses {
  std::chrono::milliseconds quiet = std::chrono::milliseconds(100);
  std::chrono::milliseconds patience = std::chrono::seconds(2);
};

struct Watched {
  FileWatch& file;
  std::function<void(std::string_view why)> reload;
};

// Returns at SIGINT or SIGTERM. Calls `reload` with the reason, on this thread and one at a time:
// of all at each SIGHUP, of one when its file has changed. `signals` are blocked in every thread.
void wait_for_end(const sigset_t& signals, const std::vector<Watched>& watched,
                  ReloadPauses pauses = {});

}  // namespace twindow::app
