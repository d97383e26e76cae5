// SPDX-License-Identifier: Apache-2.0
// Writing in a row. Who is written to wakes up for it. A thread that writes one answer, works on
// the next and writes that finds its reader asleep again each time, and the wake-ups cost both of
// them more than all the rest; written one right after the other, ten answers wake it once. So what
// is ready is worked on first, and written then.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "twindow/base/task.h"

namespace twindow::net {

// Resumes on `context`, when everything that is ready there now has had its turn. Nothing is gained
// by it where nothing else is under way.
inline Task<void> turn_to_write(boost::asio::io_context& context) {
  return boost::asio::post(context, boost::asio::use_awaitable);
}

}  // namespace twindow::net
