// SPDX-License-Identifier: Apache-2.0
// What WhatsApp bounds by the day: users that a sender writes to first, marketing for one user.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>

#include "twindow/base/clock.h"

namespace twindow::sim {

// Users that a sender has reached outside a window, in the 24 hours before each moment.
class DailyUsers {
 public:
  // True if `user` may be written to now, and is noted; one that was noted already is no other.
  bool admit(const std::string& sender, const std::string& user, Time now, std::size_t max);
  void clear() { of_.clear(); }

 private:
  std::map<std::string, std::map<std::string, Time>> of_;  // by sender: users, and when last
};

// Marketing templates for one user, likewise.
class MarketingCaps {
 public:
  bool has_room(const std::string& user, Time now, std::size_t max);
  void note(const std::string& user, Time now) { of_[user].push_back(now); }
  void clear() { of_.clear(); }

 private:
  std::map<std::string, std::deque<Time>> of_;
};

}  // namespace twindow::sim
