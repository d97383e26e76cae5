// SPDX-License-Identifier: Apache-2.0
#include "src/store/sqlite/gathering_vfs.h"

#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

#include <sqlite3.h>

namespace twindow::store::sqlite {

namespace {

// Some thirty pages of 4 KiB with their heads. SQLite's own files take less than 128 KiB at once:
// of the size of a write they look at the lowest 17 bits.
constexpr sqlite3_int64 kRoom = 128 * 1024 - 1;

// As SQLite sees it: a file that begins with its methods. The file below lies right behind it.
struct LogFile {
  sqlite3_file base;
  char* room;             // kRoom bytes
  sqlite3_int64 first;    // where in the file the room's first byte belongs
  sqlite3_int64 waiting;  // bytes in the room

  // No member of it: its size is the system's affair.
  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
static_assert(sizeof(LogFile) % alignof(std::max_align_t) == 0);

LogFile& log_of(sqlite3_file* file) { return *reinterpret_cast<LogFile*>(file); }

// What could not be written is gone, and SQLite is told: it takes the transaction back.
int let_go(LogFile& log) {
  if (log.waiting == 0) return SQLITE_OK;
  const sqlite3_int64 size = std::exchange(log.waiting, 0);
  sqlite3_file* const below = log.below();
  return below->pMethods->xWrite(below, log.room, static_cast<int>(size), log.first);
}

int close(sqlite3_file* file) {
  LogFile& log = log_of(file);
  const int written = let_go(log);
  sqlite3_file* const below = log.below();
  const int closed = below->pMethods->xClose(below);
  delete[] log.room;
  log.room = nullptr;
  return written != SQLITE_OK ? written : closed;
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  LogFile& log = log_of(file);
  const bool waits = at < log.first + log.waiting && at + size > log.first;
  if (const int written = waits ? let_go(log) : SQLITE_OK; written != SQLITE_OK) return written;
  sqlite3_file* const below = log.below();
  return below->pMethods->xRead(below, to, size, at);
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  LogFile& log = log_of(file);
  const bool follows = at == log.first + log.waiting && log.waiting + size <= kRoom;
  if (!follows) {
    if (const int written = let_go(log); written != SQLITE_OK) return written;
    log.first = at;
  }
  if (size > kRoom) {
    sqlite3_file* const below = log.below();
    return below->pMethods->xWrite(below, from, size, at);
  }
  std::memcpy(log.room + log.waiting, from, static_cast<std::size_t>(size));
  log.waiting += size;
  return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  LogFile& log = log_of(file);
  if (const int written = let_go(log); written != SQLITE_OK) return written;
  sqlite3_file* const below = log.below();
  return below->pMethods->xTruncate(below, size);
}

int sync(sqlite3_file* file, int flags) {
  LogFile& log = log_of(file);
  if (const int written = let_go(log); written != SQLITE_OK) return written;
  sqlite3_file* const below = log.below();
  return below->pMethods->xSync(below, flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  LogFile& log = log_of(file);
  if (const int written = let_go(log); written != SQLITE_OK) return written;
  sqlite3_file* const below = log.below();
  return below->pMethods->xFileSize(below, size);
}

// Nobody locks a log.
int lock(sqlite3_file* file, int level) {
  sqlite3_file* const below = log_of(file).below();
  return below->pMethods->xLock(below, level);
}

int unlock(sqlite3_file* file, int level) {
  sqlite3_file* const below = log_of(file).below();
  return below->pMethods->xUnlock(below, level);
}

int check_reserved_lock(sqlite3_file* file, int* found) {
  sqlite3_file* const below = log_of(file).below();
  return below->pMethods->xCheckReservedLock(below, found);
}

int file_control(sqlite3_file* file, int operation, void* argument) {
  sqlite3_file* const below = log_of(file).below();
  return below->pMethods->xFileControl(below, operation, argument);
}

int sector_size(sqlite3_file* file) {
  sqlite3_file* const below = log_of(file).below();
  return below->pMethods->xSectorSize(below);
}

int device_characteristics(sqlite3_file* file) {
  sqlite3_file* const below = log_of(file).below();
  return below->pMethods->xDeviceCharacteristics(below);
}

constexpr sqlite3_io_methods kLogMethods{.iVersion = 1,
                                         .xClose = close,
                                         .xRead = read,
                                         .xWrite = write,
                                         .xTruncate = truncate,
                                         .xSync = sync,
                                         .xFileSize = file_size,
                                         .xLock = lock,
                                         .xUnlock = unlock,
                                         .xCheckReservedLock = check_reserved_lock,
                                         .xFileControl = file_control,
                                         .xSectorSize = sector_size,
                                         .xDeviceCharacteristics = device_characteristics,
                                         .xShmMap = nullptr,
                                         .xShmLock = nullptr,
                                         .xShmBarrier = nullptr,
                                         .xShmUnmap = nullptr,
                                         .xFetch = nullptr,
                                         .xUnfetch = nullptr};

sqlite3_vfs& below_of(sqlite3_vfs* vfs) { return *static_cast<sqlite3_vfs*>(vfs->pAppData); }

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs& below = below_of(vfs);
  if ((flags & SQLITE_OPEN_WAL) == 0) return below.xOpen(&below, name, file, flags, out_flags);
  file->pMethods = nullptr;  // there is nothing to close if this fails
  auto* const room = new (std::nothrow) char[kRoom];
  if (room == nullptr) return SQLITE_NOMEM;
  auto* const log = new (file) LogFile{.base = {}, .room = room, .first = 0, .waiting = 0};
  const int opened = below.xOpen(&below, name, log->below(), flags, out_flags);
  if (opened != SQLITE_OK) {
    if (log->below()->pMethods != nullptr) log->below()->pMethods->xClose(log->below());
    delete[] room;
    return opened;
  }
  log->base.pMethods = &kLogMethods;
  return SQLITE_OK;
}

// Everything but opening is done below.
sqlite3_vfs made_above(const char* name, sqlite3_vfs& below) {
  return {
      .iVersion = 2,
      .szOsFile = static_cast<int>(sizeof(LogFile)) + below.szOsFile,
      .mxPathname = below.mxPathname,
      .pNext = nullptr,
      .zName = name,
      .pAppData = &below,
      .xOpen = open,
      .xDelete =
          [](sqlite3_vfs* vfs, const char* file, int sync_folder) {
            return below_of(vfs).xDelete(&below_of(vfs), file, sync_folder);
          },
      .xAccess =
          [](sqlite3_vfs* vfs, const char* file, int flags, int* found) {
            return below_of(vfs).xAccess(&below_of(vfs), file, flags, found);
          },
      .xFullPathname =
          [](sqlite3_vfs* vfs, const char* file, int room, char* path) {
            return below_of(vfs).xFullPathname(&below_of(vfs), file, room, path);
          },
      .xDlOpen = [](sqlite3_vfs* vfs,
                    const char* file) { return below_of(vfs).xDlOpen(&below_of(vfs), file); },
      .xDlError = [](sqlite3_vfs* vfs, int room,
                     char* text) { below_of(vfs).xDlError(&below_of(vfs), room, text); },
      .xDlSym =
          [](sqlite3_vfs* vfs, void* library, const char* symbol) {
            return below_of(vfs).xDlSym(&below_of(vfs), library, symbol);
          },
      .xDlClose = [](sqlite3_vfs* vfs,
                     void* library) { below_of(vfs).xDlClose(&below_of(vfs), library); },
      .xRandomness =
          [](sqlite3_vfs* vfs, int room, char* bytes) {
            return below_of(vfs).xRandomness(&below_of(vfs), room, bytes);
          },
      .xSleep = [](sqlite3_vfs* vfs,
                   int microseconds) { return below_of(vfs).xSleep(&below_of(vfs), microseconds); },
      .xCurrentTime = [](sqlite3_vfs* vfs,
                         double* days) { return below_of(vfs).xCurrentTime(&below_of(vfs), days); },
      .xGetLastError =
          [](sqlite3_vfs* vfs, int room, char* text) {
            return below_of(vfs).xGetLastError(&below_of(vfs), room, text);
          },
      .xCurrentTimeInt64 =
          [](sqlite3_vfs* vfs, sqlite3_int64* milliseconds) {
            return below_of(vfs).xCurrentTimeInt64(&below_of(vfs), milliseconds);
          },
      .xSetSystemCall = nullptr,
      .xGetSystemCall = nullptr,
      .xNextSystemCall = nullptr,
  };
}

}  // namespace

GatheringVfs::GatheringVfs(const char* name, sqlite3_vfs& below)
    : vfs_(std::make_unique<sqlite3_vfs>(made_above(name, below))) {}

GatheringVfs::~GatheringVfs() = default;

const char* GatheringVfs::above_system() {
  static const char* const name = []() -> const char* {
    sqlite3_vfs* const below = sqlite3_vfs_find(nullptr);
    if (below == nullptr) return nullptr;
    static GatheringVfs gathering("twindow", *below);
    return sqlite3_vfs_register(&gathering.vfs(), 0) == SQLITE_OK ? "twindow" : nullptr;
  }();
  return name;
}

}  // namespace twindow::store::sqlite
