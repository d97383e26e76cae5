// SPDX-License-Identifier: Apache-2.0
// The queued webhooks of a database.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "twindow/ports/webhook_queue.h"

#include "src/store/sqlite/account_table.h"
#include "src/store/sqlite/connection.h"

namespace twindow::store::sqlite {

class WebhookTable {
 public:
  explicit WebhookTable(Connection& connection);

  // False: it is there, or was.
  Result<bool> insert(const Account& account, const Webhook& webhook, Time due);
  Result<std::vector<ports::QueuedWebhook>> pending(const Account& account, std::uint64_t after,
                                                    std::size_t limit);
  Result<bool> tried(const Account& account, const std::string& id, Time due);  // false: not there
  Result<bool> done(const Account& account, const std::string& id);             // likewise
  Result<void> clear(const Account& account);

 private:
  Result<std::int64_t> next_place();

  Statement insert_;
  Statement last_place_;
  Statement pending_;
  Statement tried_;
  Statement erase_;
  Statement clear_;
  Statement was_told_;
  Statement told_;
  Statement forget_;
  Statement forget_all_;
  std::optional<std::int64_t> place_;  // of the newest row that there ever was in this run
};

}  // namespace twindow::store::sqlite
