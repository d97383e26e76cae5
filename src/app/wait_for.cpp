// SPDX-License-Identifier: Apache-2.0
#include "src/app/wait_for.h"

#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

namespace twindow::app {

bool wait_for(boost::asio::io_context& context, Task<void> task,
              std::chrono::steady_clock::time_point until) {
  const std::future<void> ended =
      boost::asio::co_spawn(context, std::move(task), boost::asio::use_future);
  return ended.wait_until(until) == std::future_status::ready;
}

}  // namespace twindow::app
