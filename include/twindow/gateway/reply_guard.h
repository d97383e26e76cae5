// SPDX-License-Identifier: Apache-2.0
// Ends the talk of two machines: Twilio sends no more than 30 replies in a row between two numbers
// with at most 30 s between one and the next. Source: Twilio's error 14107.
#pragma once

#include <map>

#include "twindow/base/clock.h"
#include "twindow/base/limits.h"
#include "twindow/model/window.h"

namespace twindow::gateway {

// Belongs to one world's strand.
class ReplyGuard {
 public:
  // A reply of the pair is to be sent now: false if it is one too many.
  bool admit(const WindowKey& pair, Time now) {
    if (runs_.size() >= limits::kReplyRunsMax) {
      std::erase_if(runs_, [&](const auto& run) { return now - run.second.last > kGap; });
    }
    Run& run = runs_[pair];
    run.length = now - run.last > kGap ? 1 : run.length + 1;
    run.last = now;
    return run.length <= kRunMax;
  }
  void clear() { runs_.clear(); }

 private:
  static constexpr Duration kGap = std::chrono::seconds(30);
  static constexpr int kRunMax = 30;
  struct Run {
    Time last = {};
    int length = 0;
  };
  std::map<WindowKey, Run> runs_ = {};
};

}  // namespace twindow::gateway
