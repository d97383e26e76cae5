// SPDX-License-Identifier: Apache-2.0
#include "src/sim/quotas.h"

#include <chrono>

namespace twindow::sim {

namespace {
constexpr Duration kDay = std::chrono::hours(24);
}

bool DailyUsers::admit(const std::string& sender, const std::string& user, Time now,
                       std::size_t max) {
  std::map<std::string, Time>& users = of_[sender];
  std::erase_if(users, [&](const auto& one) { return one.second <= now - kDay; });
  const auto known = users.find(user);
  if (known == users.end() && users.size() >= max) return false;
  users[user] = now;
  return true;
}

bool MarketingCaps::has_room(const std::string& user, Time now, std::size_t max) {
  std::deque<Time>& sent = of_[user];
  while (!sent.empty() && sent.front() <= now - kDay) sent.pop_front();
  return sent.size() < max;
}

}  // namespace twindow::sim
