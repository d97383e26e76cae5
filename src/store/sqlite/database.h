// SPDX-License-Identifier: Apache-2.0
// The database as the store thread sees it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "twindow/store/open_store.h"

#include "src/store/sqlite/account_table.h"
#include "src/store/sqlite/connection.h"
#include "src/store/sqlite/decision_table.h"
#include "src/store/sqlite/message_table.h"
#include "src/store/sqlite/name_table.h"
#include "src/store/sqlite/resource_table.h"
#include "src/store/sqlite/user_table.h"
#include "src/store/sqlite/webhook_table.h"
#include "src/store/sqlite/window_table.h"

namespace twindow::store::sqlite {

// Belongs to one thread at a time.
class Database {
 public:
  // Of this process alone, and of this program's schema.
  static Result<std::unique_ptr<Database>> open(const SqliteOptions& options);

  Result<void> begin() { return connection_->run("BEGIN"); }
  Result<void> commit();
  std::uint64_t commits() const { return commits_; }  // since it was opened
  void roll_back();
  // See Connection.
  std::optional<Error> take_failure() { return connection_->take_failure(); }

  AccountTable& accounts() { return accounts_; }
  NameTable& names() { return names_; }
  MessageTable& messages() { return messages_; }
  WindowTable& windows() { return windows_; }
  WebhookTable& webhooks() { return webhooks_; }
  DecisionTable& decisions() { return decisions_; }
  UserTable& users() { return users_; }
  ResourceTable& resources() { return resources_; }

 private:
  Database(std::unique_ptr<Connection> connection, const SqliteOptions& options);
  Result<void> load();

  std::uint64_t commits_ = 0;
  std::unique_ptr<Connection> connection_;  // outlives the statements of the tables
  AccountTable accounts_;
  NameTable names_;
  MessageTable messages_;
  WindowTable windows_;
  WebhookTable webhooks_;
  DecisionTable decisions_;
  UserTable users_;
  ResourceTable resources_;
};

}  // namespace twindow::store::sqlite
