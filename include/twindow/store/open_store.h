// SPDX-License-Identifier: Apache-2.0
// The backends behind ports::AccountStore.
#pragma once

#include <cstddef>
#include <memory>

#include "twindow/ports/message_store.h"

namespace twindow::store {

// Keeps one account in memory. Of more than `messages_max` messages the oldest finished one goes
// first; if none is finished, the oldest. Synchronous inside: every call has answered before it
// could be awaited, so no strand is ever left.
std::unique_ptr<ports::AccountStore> open_memory_store(std::size_t messages_max);

}  // namespace twindow::store
