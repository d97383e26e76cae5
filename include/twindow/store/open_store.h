// SPDX-License-Identifier: Apache-2.0
// The backends behind ports::AccountStore.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "twindow/base/limits.h"
#include "twindow/ports/message_store.h"

namespace twindow::store {

// What an account may keep; looked at whenever a message comes in, never the reason to drop that
// one.
struct Retention {
  // Of more messages than this the oldest finished one goes first; if none is finished, the oldest.
  std::size_t messages_max = limits::kMessagesMax;
  // Finished messages that were created longer ago go, by the time of the message that comes in.
  std::optional<Duration> age_max = {};
  // Of more decisions the oldest go first; those that were made longer ago than `age_max` go too.
  std::size_t decisions_max = limits::kDecisionsMax;
};

// Where all accounts are kept. Thread-safe; outlives the stores it has opened.
class Backend {
 public:
  virtual ~Backend() = default;

  // Those of which something was kept when the backend was opened.
  virtual std::vector<AccountSid> accounts() const = 0;

  // One at a time for an account.
  virtual std::unique_ptr<ports::AccountStore> open_account(const AccountSid& account) = 0;

  // Does what it was asked for and has threads no more; later calls are Errc::Unavailable. The
  // contexts of coroutines that wait for it are still there. Also done by the destructor.
  virtual void close() = 0;
};

// Keeps one account in memory. Synchronous inside: every call has answered before it could be
// awaited, so no strand is ever left.
std::unique_ptr<ports::AccountStore> open_memory_store(Retention retention);
inline std::unique_ptr<ports::AccountStore> open_memory_store(std::size_t messages_max) {
  return open_memory_store(Retention{.messages_max = messages_max});
}
std::unique_ptr<Backend> open_memory_backend(Retention retention);

struct SqliteOptions {
  std::filesystem::path file;  // made if it is not there; its folder has to be
  Retention retention = {};
  // No page is added to a database of this size: then changes fail as on a full disk.
  std::optional<std::uint64_t> bytes_max = {};
  // Names of messages and decisions that wait in memory, some 150 bytes each, until there are
  // enough of them to be written together. More: fewer writes, and more to read when the file is
  // opened.
  std::size_t names_waiting_max = 32 * 1024;
};

// One database file for all accounts, of this process alone while it is open: WAL, a transaction
// for all that waits at the moment, one fsync for each. Calls resume on the executor that made
// them; reads are answered before the changes that wait beside them, and wait for no fsync of
// those. Errc::Unavailable, with what to do about it, if the file cannot be used: a folder that is
// not there, another process that has it open, no database, one of a newer version, a damaged one.
// A change that could not be stored (disk full) is Errc::Unavailable too, and nothing of it is
// kept.
Result<std::unique_ptr<Backend>> open_sqlite_backend(SqliteOptions options);

}  // namespace twindow::store
