// SPDX-License-Identifier: Apache-2.0
// An answer of Twilio's, or one in its place, as a plain value: for those who keep it or hand it on
// and need not know HTTP.
#pragma once

#include <string>
#include <vector>

#include "twindow/model/message.h"

namespace twindow {

struct TwilioAnswer {
  int status = 0;                   // of HTTP: 201
  std::vector<Param> headers = {};  // in order, as they came; none of one hop only
  std::string body = {};

  friend bool operator==(const TwilioAnswer&, const TwilioAnswer&) = default;
};

}  // namespace twindow
