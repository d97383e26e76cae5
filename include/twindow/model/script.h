// SPDX-License-Identifier: Apache-2.0
// What a rule of a scenario makes of one send, in the place of what the simulator would make of it.
// Values; which rule it is, is decided by policy/script.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "twindow/base/clock.h"
#include "twindow/model/message.h"
#include "twindow/model/signature_fault.h"

namespace twindow {

// A status of the message, and the webhook that tells of it.
struct ScriptedNews {
  Duration at = {};  // since the create
  MessageStatus status = MessageStatus::Sent;
  std::optional<int> error_code = {};
  // The webhook's parameters of these names have these values, whatever the message says; those
  // that it has not are added.
  std::vector<Param> params = {};
  std::uint32_t repeat = 0;  // told so many times more, under the same idempotency token
  bool drop = false;         // the status is reached, and nobody is told
  SignatureFault signature = SignatureFault::None;

  friend bool operator==(const ScriptedNews&, const ScriptedNews&) = default;
};

// All that becomes of a message, in order of time; empty: it stays as it is.
struct ScriptPlan {
  std::string rule;  // its id
  std::vector<ScriptedNews> news = {};

  friend bool operator==(const ScriptPlan&, const ScriptPlan&) = default;
};

// What the caller of the API sees. Without `status` and `reset` the send is made, after `delay`.
struct ScriptResponse {
  int status = 0;                            // 4xx or 5xx; 0: none of ours
  int code = 0;                              // Twilio's, of the body
  std::string message = {};                  // empty: the code's own text
  std::optional<Duration> retry_after = {};  // a header, in whole seconds
  Duration delay = {};                       // of the world's time, before anything is done
  bool reset = false;                        // the connection is cut without an answer

  friend bool operator==(const ScriptResponse&, const ScriptResponse&) = default;
};

}  // namespace twindow
