// SPDX-License-Identifier: Apache-2.0
// The connections of the control port that a thread is serving: who is idle and may be sent away
// for a newcomer, and whom to wake when the server stops. Thread-safe.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>

namespace twindow::net {

class OpenConnections {
 public:
  using Id = std::uint64_t;

  // Nothing once the server is stopping. The descriptor stays open until `remove`.
  bool add(Id id, int descriptor);
  void remove(Id id);
  std::size_t size() const;

  // A connection waits for its next request. False: it must not, since somebody without a thread
  // needs this one, or the server is stopping.
  bool begin_idle(Id id);
  void end_idle(Id id);

  // How many newcomers no thread is free for. Each one more ends the connection that is idle for
  // longest.
  void starving(std::size_t newcomers);
  bool somebody_waits() const;
  bool stopping() const;

  // Nobody is added or idle any more; every reader sees the end of its connection, writers do not.
  void begin_stop();
  bool wait_until_empty(std::chrono::milliseconds longest);
  // Ends the writers too.
  void end_all();

 private:
  void end_longest_idle();

  struct Entry {
    int descriptor;
    std::uint64_t idle_turn = 0;  // 0: busy; else the order in which they became idle
  };

  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::map<Id, Entry> entries_;
  std::uint64_t turns_ = 0;
  std::size_t newcomers_ = 0;
  bool stopping_ = false;
};

}  // namespace twindow::net
