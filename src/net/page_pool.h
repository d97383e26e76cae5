// SPDX-License-Identifier: Apache-2.0
// Pages for read buffers, straight from the kernel: malloc would lay them between small things
// that stay for as long as a connection does, and could not give their memory back when thousands
// of connections are parked.
#pragma once

#include <cstddef>

namespace twindow::net {

inline constexpr std::size_t kPageSize = 4096;

// Of kPageSize bytes; std::bad_alloc without one. A thread keeps a few pages that were given back,
// for the connections that come and go; others go to the kernel at once.
char* take_page();
void give_page(char* page);

}  // namespace twindow::net
