// SPDX-License-Identifier: Apache-2.0
// Blocking on a coroutine, for the main thread at the end of the program; nobody else may.
#pragma once

#include <chrono>

#include <boost/asio/io_context.hpp>

#include "twindow/base/task.h"

namespace twindow::app {

// Runs `task` on `context` (whose thread is another) and waits until it has ended, or until
// `until`; then it goes on by itself. True if it has ended.
bool wait_for(boost::asio::io_context& context, Task<void> task,
              std::chrono::steady_clock::time_point until);

}  // namespace twindow::app
