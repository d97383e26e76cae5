// SPDX-License-Identifier: Apache-2.0
// What a database knows of users beside their windows: their other names, and who has opted out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "twindow/model/opt_out.h"
#include "twindow/model/window.h"

#include "src/store/sqlite/account_table.h"
#include "src/store/sqlite/connection.h"

namespace twindow::store::sqlite {

class UserTable {
 public:
  explicit UserTable(Connection& connection);

  // The key that windows are kept under: that of the user whose name it is.
  Result<WindowKey> resolve(const Account& account, const WindowKey& key);
  // From now on `alias` is another name of the key's user, as is whatever was one of `alias`.
  Result<void> join(const Account& account, const WindowKey& key, const std::string& alias);

  Result<std::vector<OptOut>> opt_outs(const Account& account);
  Result<void> opt_out(const Account& account, const OptOut& who);
  Result<void> opt_in(const Account& account, std::string_view sender, std::string_view user);
  Result<void> clear(const Account& account);

 private:
  Statement find_alias_;
  Statement put_alias_;
  Statement move_aliases_;
  Statement move_opt_outs_;
  Statement drop_opt_outs_;
  Statement list_opt_outs_;
  Statement put_opt_out_;
  Statement erase_opt_out_;
  Statement clear_aliases_;
  Statement clear_opt_outs_;
};

}  // namespace twindow::store::sqlite
