// SPDX-License-Identifier: Apache-2.0
// Where decisions are kept, in the gateway's words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "twindow/base/task.h"
#include "twindow/model/error.h"
#include "twindow/model/ledger.h"

namespace twindow::ports {

struct LedgerQuery {
  std::size_t limit = 50;
  std::optional<std::uint64_t> before = {};  // a place: only what was decided before that one
  std::optional<MessageSid> message = {};
};

// The ledger of one account, used as its message store is. A decision on a message that is kept
// comes in with that message (AccountStore::admit_decided), and learns the message's end with it.
class Ledger {
 public:
  virtual ~Ledger() = default;

  // A decision that left no message.
  virtual Task<Result<void>> enter(LedgerEntry entry) = 0;

  // Newest first.
  virtual Task<Result<std::vector<LedgerEntry>>> decisions(LedgerQuery query) = 0;
};

}  // namespace twindow::ports
