// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include <boost/asio/post.hpp>

#include "twindow/base/task.h"

namespace twindow {

// Runs `job` on `strand`, later: never inside this call. Jobs posted by one thread keep order.
template <class Job>
void post(const Strand& strand, Job&& job) {
  boost::asio::post(strand, std::forward<Job>(job));
}

}  // namespace twindow
