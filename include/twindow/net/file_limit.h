// SPDX-License-Identifier: Apache-2.0
// How many files, and so sockets, this process may have open.
#pragma once

#include <cstddef>

namespace twindow::net {

// Raises the soft limit of open files to the hard one and returns what is in force then. For the
// start of the program: every socket counts, and distributions still begin with 1024.
std::size_t raise_file_limit();

}  // namespace twindow::net
