// SPDX-License-Identifier: Apache-2.0
// SQLite's way to its files, with the writes of one transaction to its log made as one. SQLite
// writes each page of the log by two calls, and of a commit of twenty sends the calls cost three
// times what the bytes do.
// Source: SQLite's documentation of VFS objects (sqlite.org/vfs.html) and of its log
// (sqlite.org/walformat.html).
#pragma once

#include <memory>

struct sqlite3_vfs;

namespace twindow::store::sqlite {

// Above `below`, whose files it opens: those that are no log are `below`'s own. What is written to
// a log right behind what was written before waits in memory, until the log is synced, read there,
// measured, cut or closed, or 128 KiB have come. So a log holds all that was written before a sync
// of it has succeeded, and that sync says if it could not be; SQLite takes such a transaction back.
// Only for `synchronous = FULL`, which syncs with each commit, and for a database that no other
// connection reads. Thread-safe as SQLite's own are; a file belongs to its connection.
class GatheringVfs {
 public:
  // `name` and `below` outlive it. To be registered by who makes it; then it stays where it is.
  GatheringVfs(const char* name, sqlite3_vfs& below);
  ~GatheringVfs();
  GatheringVfs(const GatheringVfs&) = delete;
  GatheringVfs& operator=(const GatheringVfs&) = delete;

  sqlite3_vfs& vfs() { return *vfs_; }

  // The name of the one above the system's own, registered; null if SQLite has none.
  static const char* above_system();

 private:
  std::unique_ptr<sqlite3_vfs> vfs_;
};

}  // namespace twindow::store::sqlite
