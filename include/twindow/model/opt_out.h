// SPDX-License-Identifier: Apache-2.0
// A user who wants no more messages.
#pragma once

#include <string>

#include "twindow/base/clock.h"

namespace twindow {

struct OptOut {
  std::string sender;  // an address of ours, or the SID of a Messaging Service: all of its senders
  std::string user;    // canonical_user()
  Time since;

  friend bool operator==(const OptOut&, const OptOut&) = default;
};

}  // namespace twindow
