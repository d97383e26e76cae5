// SPDX-License-Identifier: Apache-2.0
// What is done wrong on purpose, so that an app can be tested against it. Values; who is hit is
// decided by policy/fault_rules.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "twindow/base/clock.h"
#include "twindow/model/webhook.h"

namespace twindow {

// What the caller of the API sees. With no `status` the call is answered as always, but for the
// rest that is said here.
struct FaultResponse {
  enum class Ending : std::uint8_t { Whole, Half, Reset };  // of the answer's bytes

  int status = 0;                            // 4xx or 5xx; 0: none of ours
  int code = 0;                              // Twilio's, of the body
  std::string message = {};                  // empty: the code's own text
  std::optional<Duration> retry_after = {};  // a header, in whole seconds
  Duration delay = {};                       // of the world's time, before anything is done
  Ending ending = Ending::Whole;
  // The call has its effect all the same: the message is made, and its maker does not learn it.
  bool processed = false;
};

// What happens to the webhooks that tell of a message.
struct FaultCallbacks {
  bool lost = false;
  Duration late = {};  // of the world's time
  bool doubled = false;
  bool out_of_order = false;  // changes places with the next one of its message
  // The first news (sent) comes before the create call is answered.
  bool before_answer = false;
  SignatureFault signature = SignatureFault::None;
};

}  // namespace twindow
