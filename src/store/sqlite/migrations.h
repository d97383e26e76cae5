// SPDX-License-Identifier: Apache-2.0
// Brings a database to the schema of this program: numbered steps, forward only.
#pragma once

#include <span>
#include <string_view>

#include "src/store/sqlite/connection.h"

namespace twindow::store::sqlite {

struct Migration {
  std::string_view name;  // "0001_messages"
  std::string_view sql;
};

// src/store/sqlite/migrations/, in order: the first makes version 1.
std::span<const Migration> migrations();

// Runs those that the database has not seen, all in one transaction: a version that was reached
// only in part is never seen. Errc::Unavailable if it has seen more than there are, or is a
// database of another program's.
Result<void> migrate(Connection& connection, std::span<const Migration> all);

}  // namespace twindow::store::sqlite
