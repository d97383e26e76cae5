// SPDX-License-Identifier: Apache-2.0
// The one home of Asio in the middle of the program: what a coroutine is, and where it runs.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include "twindow/base/near_executor.h"

namespace twindow {

template <class T>
using Task = boost::asio::awaitable<T>;

// Concrete on purpose: strand<any_io_executor> makes TSan report a race inside Asio 1.81.
using Strand = boost::asio::strand<NearExecutor>;

}  // namespace twindow
