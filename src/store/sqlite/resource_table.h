// SPDX-License-Identifier: Apache-2.0
// The resources of a database. They are all read when it is opened, and only written from then on.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "twindow/model/resource.h"

#include "src/store/sqlite/account_table.h"
#include "src/store/sqlite/connection.h"

namespace twindow::store::sqlite {

class ResourceTable {
 public:
  explicit ResourceTable(Connection& connection);

  // Of all accounts, in order of creation.
  Result<std::vector<std::pair<AccountSid, Resource>>> all();
  Result<void> put(const Account& account, const Resource& resource);
  Result<void> erase(const Account& account, ResourceKind kind, std::string_view sid,
                     std::string_view parent);
  Result<void> clear(const Account& account);

 private:
  Statement all_;
  Statement put_;
  Statement erase_;
  Statement clear_;
};

}  // namespace twindow::store::sqlite
