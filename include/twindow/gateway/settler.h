// SPDX-License-Identifier: Apache-2.0
// Asks what became of messages of which nothing more was heard: each once, some time after it was
// sent.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>

#include "twindow/base/task.h"
#include "twindow/base/timers.h"
#include "twindow/model/sid.h"

namespace twindow::gateway {

// Belongs to one world's strand. What it is made with outlives it.
class Settler {
 public:
  struct Parts {
    const Clock& clock;
    Timers& timers;
    Duration after;  // that a message is asked for
    // Looks whether the message is still open, and asks if so.
    std::function<Task<void>(MessageSid)> settle;
    std::function<void()> changed;  // a timer was set; touches memory only
  };

  Settler(const Strand& strand, Parts parts);

  // In the order in which they were sent, or nearly so: nobody is asked for before its time, but
  // one that waits behind a later one waits with it.
  void watch(MessageSid sid, Time sent);
  void stop();
  void clear();

 private:
  struct Watched {
    MessageSid sid;
    Time due;
  };

  void set_timer();
  void launch();
  Task<void> run(MessageSid sid);

  Strand strand_;
  Parts parts_;
  std::deque<Watched> watched_;
  std::size_t in_flight_ = 0;
  bool timer_set_ = false;
  bool stopped_ = false;
  std::uint64_t epoch_ = 0;  // grows with each clear()
};

}  // namespace twindow::gateway
