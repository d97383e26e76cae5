// SPDX-License-Identifier: Apache-2.0
// The cookies of apps' answers to messages of users: Twilio keeps them for each pair of numbers,
// and forgets them four hours after they were last used. Source: twilio.com/docs/messaging/guides,
// "How Twilio handles cookies". Where they lead (Domain, Path) is not looked at: a pair has one
// app.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/message.h"
#include "twindow/model/window.h"

namespace twindow::gateway {

// Belongs to one world's strand. Bounded by limits::kCookiePairsMax and kCookiesPerPairMax; what is
// more is not kept.
class CookieJar {
 public:
  // The header's value for the next webhook; empty if there are none.
  std::string header(const WindowKey& pair, Time now);
  // What the Set-Cookie headers among `headers` say. One with Max-Age=0 is taken out.
  void take(const WindowKey& pair, const std::vector<Param>& headers, Time now);
  void clear() { pairs_.clear(); }

 private:
  struct Kept {
    std::vector<Param> cookies = {};
    Time used = {};
  };
  std::map<WindowKey, Kept> pairs_ = {};
};

}  // namespace twindow::gateway
