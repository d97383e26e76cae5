// SPDX-License-Identifier: Apache-2.0
// Asio's errors without exceptions, for coroutines.
#pragma once

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace twindow::net {

// `co_await socket.async_…(…, into(error))`: `error` tells how it went, nothing is thrown.
inline auto into(boost::system::error_code& error) {
  return boost::asio::redirect_error(boost::asio::use_awaitable, error);
}

// Of a call that does not wait: there is nothing yet.
inline bool would_block(const boost::system::error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again;
}

}  // namespace twindow::net
