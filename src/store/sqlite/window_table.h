// SPDX-License-Identifier: Apache-2.0
// The windows of a database.
#pragma once

#include <vector>

#include "twindow/model/window.h"

#include "src/store/sqlite/account_table.h"
#include "src/store/sqlite/connection.h"

namespace twindow::store::sqlite {

class WindowTable {
 public:
  explicit WindowTable(Connection& connection);

  Result<std::optional<Window>> find(const Account& account, const WindowKey& key);
  Result<std::vector<Window>> list(const Account& account);  // by sender, then user
  Result<void> put(const Account& account, const Window& window);
  Result<bool> erase(const Account& account, const WindowKey& key);  // false: it was not there
  Result<void> clear(const Account& account);

 private:
  Statement find_;
  Statement list_;
  Statement put_;
  Statement erase_;
  Statement clear_;
};

}  // namespace twindow::store::sqlite
